#!/usr/bin/env bash
# Measures the program on this machine, side by side with Python of the lab's kind and with bare Kestrel, and prints the figures as Markdown.
# Needs root on Linux, and wrk and python3. The checkout's deployment is made for it and taken down again.
#
#   run.sh [PART…]     publish, start, kept, new, page; all of them without arguments, in some ten minutes
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=$(cd -- "$here/../.." && pwd)
readonly here root
readonly rounds=${ROUNDS:-5}
seconds=${SECONDS_EACH:-2}
readonly python_port=7401 bare_port=7402 primes_port=7403
declare -rA ports=([python]=$python_port [bare]=$bare_port [primes]=$primes_port)
readonly programs=$root/artifacts/bench
work=$(mktemp -d)
python=$(python3 -c 'import sys; print(sys.executable)')
readonly work python
started=()

clean_up() {
  ((${#started[@]} == 0)) || kill "${started[@]}" 2>/dev/null || true
  [[ ! -f $work/deployed ]] || (cd "$root" && ./build.sh --target=Teardown >"$work/teardown.log" 2>&1) || true
  rm -rf "$work"
}
trap clean_up EXIT

say() { printf '%s\n' "$*" >&2; }

start() { # PROGRAM ARGUMENT…
  "$@" >/dev/null 2>&1 &
  started+=($!)
}

wait_for() { # URL: until it answers, a minute at most
  curl --silent --fail --output /dev/null --retry 600 --retry-delay 0 --retry-max-time 60 --retry-all-errors --max-time 10 "$1"
}

median() { sort -n | awk '{ v[NR] = $1 } END { print NR ? v[int((NR + 1) / 2)] : "-" }'; }

# Keeps what a round gave, to take the medians of later.
note() { # NAME RATE P50 P99 (milliseconds)
  printf '%s\n' "$2" >>"$work/$1.rate"
  printf '%s\n' "$3" >>"$work/$1.p50"
  printf '%s\n' "$4" >>"$work/$1.p99"
}

# By chance, so that nobody always comes behind the same one: the processors' speed changes by a quarter within seconds.
in_turns() { shuf --echo "$@"; }

figure() { median <"$work/$1"; }

kept() { # NAME CONNECTIONS URL [COMMAND…]: wrk, whose times have units
  local name=$1 connections=$2 url=$3
  shift 3
  load "$name" "$connections" "$url" "$@" wrk
}

# A new connection for each request. wrk makes more of them than ab does, which is a limit itself.
fresh() { # NAME CONNECTIONS URL [COMMAND…]
  local name=$1 connections=$2 url=$3
  shift 3
  load "$name" "$connections" "$url" "$@" wrk --header "Connection: close"
}

load() { # NAME CONNECTIONS URL COMMAND…
  local name=$1 connections=$2 url=$3
  shift 3
  read -r -a got < <("$@" -t1 "-c$connections" "-d${seconds}s" --timeout 10s --latency "$url" | awk '
    function ms(t) { return t ~ /us$/ ? t / 1000 : t ~ /ms$/ ? t + 0 : t * 1000 }
    $1 == "50%" { a = ms($2) } $1 == "99%" { b = ms($2) } /Requests\/sec/ { r = $2 } /Non-2xx/ { bad = 1 }
    END { print bad || !r ? "0 0 0" : r " " a " " b }')
  note "$name" "${got[@]}"
}

# From the start of the process to its first 200, and its memory then and after the load; of each the median.
measure_start() {
  say "Start …"
  local began pid
  for ((round = 0; round <= rounds; round++)); do
    ((round != 1)) || rm -f "$work"/start.*
    began=$(date +%s%N)
    start "$programs/primes/primes" backend --listen "http://127.0.0.1:$primes_port"
    pid=${started[-1]}
    until curl --silent --fail --output /dev/null --max-time 10 "http://127.0.0.1:$primes_port/97"; do :; done
    echo $((($(date +%s%N) - began) / 1000000)) >>"$work/start.ms"
    memory "$pid" first
    kept warm 64 "http://127.0.0.1:$primes_port/97"
    kept warm 32 "http://127.0.0.1:$primes_port/primes?from=1000000000&count=10"
    memory "$pid" loaded
    stop
  done
  echo "| the program | |"
  echo "|---|--:|"
  echo "| size | $(($(stat --format=%s "$programs/primes/primes") / 1000)) kB |"
  echo "| from its start to the first 200 | $(figure start.ms) ms |"
  echo "| resident, proportional, private memory at the first 200 | $(figure start.first.Rss), $(figure start.first.Pss), $(figure start.first.Private) MB |"
  echo "| … and after load on 64 connections | $(figure start.loaded.Rss), $(figure start.loaded.Pss), $(figure start.loaded.Private) MB |"
}

memory() { # PID WHEN
  awk -v to="$work/start.$2." '/^(Rss|Pss|Private_(Clean|Dirty)):/ { sub(/[_:].*/, "", $1); kb[$1] += $2 }
    END { for (kind in kb) printf "%.1f\n", kb[kind] / 1024 >>(to kind) }' "/proc/$1/smaps_rollup"
}

start_servers() {
  start "$python" "$here/lab_kind.py" backend 127.0.0.1 "$python_port"
  start "$programs/bare/bare" "127.0.0.1:$bare_port"
  start "$programs/primes/primes" backend --listen "http://127.0.0.1:$primes_port"
  for port in "$python_port" "$bare_port" "$primes_port"; do wait_for "http://127.0.0.1:$port/97"; done
}

stop() {
  kill "${started[@]}"
  wait "${started[@]}" 2>/dev/null || true
  started=()
}

measure_kept() {
  say "Kept connections …"
  start_servers
  for ((round = 0; round <= rounds; round++)); do
    # Round 0 warms up: its figures are thrown away.
    ((round != 1)) || rm -f "$work"/*.rate "$work"/*.p50 "$work"/*.p99
    for c in 1 8 64 512; do
      for one in $(in_turns bare primes); do kept "$one-$c" "$c" "http://127.0.0.1:${ports[$one]}/97"; done
    done
    fresh python 64 "http://127.0.0.1:$python_port/97"
    kept m61 1 "http://127.0.0.1:$primes_port/2305843009213693951"
    kept m127 1 "http://127.0.0.1:$primes_port/170141183460469231731687303715884105727"
    kept digits1000 1 "http://127.0.0.1:$primes_port/1$(printf '0%.0s' {1..998})7"
  done
  stop
  echo "| kept connections | Kestrel /s | primes /s | primes ÷ Kestrel | p50, ms | p99, ms |"
  echo "|--:|--:|--:|--:|--:|--:|"
  for c in 1 8 64 512; do
    awk -v c="$c" -v bare="$(figure "bare-$c.rate")" -v primes="$(figure "primes-$c.rate")" -v p50="$(figure "primes-$c.p50")" -v p99="$(figure "primes-$c.p99")" \
      'BEGIN { printf "| %d | %d | %d | %.2f | %.2f | %.2f |\n", c, bare, primes, primes / bare, p50, p99 }'
  done
  awk -v python="$(figure python.rate)" -v primes="$(figure primes-64.rate)" \
    'BEGIN { printf "\nAt 64: %.1f times Python of the lab\047s kind, which knows new connections only: %d/s in the same rounds.\n\n", primes / python, python }'
  echo "| a number, one connection | p50, ms |"
  echo "|---|--:|"
  echo "| 2^61 − 1 | $(figure m61.p50) |"
  echo "| 2^127 − 1 | $(figure m127.p50) |"
  echo "| 10^999 + 7, the first prime of 1,000 digits | $(figure digits1000.p50) |"
}

measure_new() {
  say "New connections …"
  start_servers
  for ((round = 0; round <= rounds; round++)); do
    ((round != 1)) || rm -f "$work"/*.rate "$work"/*.p50 "$work"/*.p99
    for c in 1 8 64 512; do
      for one in $(in_turns python bare primes); do fresh "$one-$c" "$c" "http://127.0.0.1:${ports[$one]}/97"; done
    done
  done
  stop
  echo "| new connections | Python /s | Kestrel /s | primes /s | primes ÷ Python | primes ÷ Kestrel | p99, ms: Python | primes |"
  echo "|--:|--:|--:|--:|--:|--:|--:|--:|"
  for c in 1 8 64 512; do
    awk -v c="$c" -v python="$(figure "python-$c.rate")" -v bare="$(figure "bare-$c.rate")" -v primes="$(figure "primes-$c.rate")" \
      -v pp="$(figure "python-$c.p99")" -v p="$(figure "primes-$c.p99")" \
      'BEGIN { printf "| %d | %d | %d | %d | %.1f | %.2f | %.1f | %.1f |\n", c, python, bare, primes, python ? primes / python : 0, primes / bare, pp, p }'
  done
}

# The processes of this checkout's machines: those whose ancestor is its local cloud. Every checkout may have its own.
of_this_checkout() { # ROLE
  local pid ancestor
  for pid in $(pgrep -f "^/usr/local/lib/primes/[0-9a-f]+/primes $1 "); do
    ancestor=$pid
    while ((ancestor > 1)) && ! tr '\0' ' ' <"/proc/$ancestor/cmdline" | grep -q -- "--state $root/"; do
      ancestor=$(parent "$ancestor")
    done
    ((ancestor <= 1)) || echo "$pid"
  done
}

measure_page() {
  say "Page through the load balancer …"
  touch "$work/deployed"
  (cd "$root" && ./build.sh --target=Deploy --port=0 >"$work/deploy.log" 2>&1) || { tail -n 30 "$work/deploy.log" >&2; return 1; }
  local frontend backends start inside pid machine
  frontend=$(of_this_checkout frontend)
  mapfile -t backends < <(of_this_checkout backend)
  inside=(nsenter --target "$frontend" --net)
  local -A starts=([1]=1 [10^9]=1000000000 [10^12]=1000000000000 [10^18]=1000000000000000000 [10^100]=1$(printf '0%.0s' {1..100}))
  for ((round = 0; round <= rounds; round++)); do
    ((round != 1)) || rm -f "$work"/*.rate "$work"/*.p50 "$work"/*.p99
    for start in "${!starts[@]}"; do
      kept "page-$start-1" 1 "http://127.0.0.1/${starts[$start]}" "${inside[@]}"
      kept "page-$start-16" 16 "http://127.0.0.1/${starts[$start]}" "${inside[@]}"
    done
  done

  # One of three backends stops without a word while the page is under load: connections to it stay open, and nothing answers.
  kill -STOP "${backends[0]}"
  seconds=10 kept dying 16 http://127.0.0.1/1000000000 "${inside[@]}"
  kill -CONT "${backends[0]}"

  echo "| page at | p50, ms, one client | pages/s, one client | p50, ms, 16 clients | pages/s, 16 clients |"
  echo "|---|--:|--:|--:|--:|"
  for start in 1 10^9 10^12 10^18 10^100; do
    row "$start" "page-$start"
  done
  echo
  echo "With one of three backends stopped for 10 s, 16 clients: $(figure dying.rate) pages/s, p50 $(figure dying.p50) ms, p99 $(figure dying.p99) ms (0 = a page failed)."

  say "The same machines with Python …"
  for pid in "${backends[@]}"; do
    machine=$(parent "$(parent "$pid")")
    nsenter --target "$machine" --all systemctl stop primes.service >/dev/null 2>&1
    start nsenter --target "$machine" --net "$python" "$here/lab_kind.py" backend 0.0.0.0 80
  done
  start "${inside[@]}" "$python" "$here/lab_kind.py" frontend 127.0.0.1 8080 http://10.138.0.10
  "${inside[@]}" curl --silent --fail --output /dev/null --retry 100 --retry-delay 1 --retry-max-time 60 --retry-all-errors http://127.0.0.1:8080/1
  # With more clients its pages wait for each other: it answers one request at a time.
  for ((round = 1; round <= rounds; round++)); do
    seconds=8 fresh python-page-1 1 http://127.0.0.1:8080/1000000000 "${inside[@]}"
  done
  stop

  awk -v python="$(figure python-page-1.rate)" -v primes="$(figure page-10^9-16.rate)" -v one="$(figure page-10^9-1.rate)" -v p50="$(figure python-page-1.p50)" 'BEGIN {
    printf "\nPython of the lab\047s kind, 10^9, one client: %.2f pages/s, p50 %d ms. The program: %d times with one client, %d times with 16.\n", python, p50, one / python, primes / python }'
}

row() { # TITLE NAME
  echo "| $1 | $(figure "$2-1.p50") | $(figure "$2-1.rate") | $(figure "$2-16.p50") | $(figure "$2-16.rate") |"
}

parent() { awk '/^PPid/ { print $2 }' "/proc/$1/status"; }

publish() {
  dotnet publish "$root/src/Primes" --output "$programs/primes" --nologo --verbosity quiet >&2
  dotnet publish "$here/Bare" --output "$programs/bare" --nologo --verbosity quiet >&2
}

# As the startup scripts run it.
export DOTNET_GCgen0size=0x200000
(($# > 0)) || set -- publish start kept new page
for part; do
  case $part in
    publish) publish ;;
    start | kept | new | page) "measure_$part" && echo ;;
    *) say "'$part' is no part: publish, start, kept, new, page." && exit 2 ;;
  esac
done
