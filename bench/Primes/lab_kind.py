"""A prime-number service of the lab's kind, to compare with: Python's http.server, one request at a time, trial division up to the root.

    lab_kind.py backend ADDRESS PORT
    lab_kind.py frontend ADDRESS PORT UPSTREAM
"""

import http.server
import multiprocessing.pool
import sys
import urllib.request


def is_prime(number):
    return number != 1 and all(number % divisor for divisor in range(2, int(number**0.5) + 1))


class Backend(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer("text/plain", str(is_prime(int(self.path[1:]))))

    def answer(self, kind, text):
        self.send_response(200)
        self.send_header("Content-type", kind)
        self.end_headers()
        self.wfile.write(text.encode())


class Frontend(Backend):
    def do_GET(self):
        start = int(self.path[1:] or 1)
        numbers = range(start, start + 100)
        with multiprocessing.pool.ThreadPool(10) as pool:
            answers = pool.map(ask, numbers)
        page = "<html><body><table>"
        for number, answer in zip(numbers, answers):
            page += "<tr>" if (number - start) % 10 == 0 else ""
            page += f"<td bgcolor='{'#00ff00' if answer == 'True' else '#ff0000'}'>{number}</td>"
            page += "</tr>" if (number - start) % 10 == 9 else ""
        self.answer("text/html", page + "</table></body></html>")


def ask(number):
    with urllib.request.urlopen(f"{sys.argv[4]}/{number}") as response:
        return response.read().decode()


class Server(http.server.HTTPServer):
    def server_bind(self):
        # Without the look-up of the machine's own name, which can take seconds.
        http.server.socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address


if __name__ == "__main__":
    Server((sys.argv[2], int(sys.argv[3])), {"backend": Backend, "frontend": Frontend}[sys.argv[1]]).serve_forever()
