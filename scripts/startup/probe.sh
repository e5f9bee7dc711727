#!/bin/bash
# Startup script of the test machine: asks the load balancer from inside the network and prints what it found, as lines of JSON that start with "primes-probe: ".
# Runs as root at every boot of a Debian machine. Instance attributes: primes-bucket, primes-object and primes-sha256 say which program,
# primes-upstream the load balancer's address, primes-ask the numbers to ask for (2,4,5), primes-expect how many backends have to answer,
# primes-deadline for how many seconds it goes on asking.

readonly role=probe
source "${BASH_SOURCE[0]%/*}/machine.sh"

read_attributes primes-bucket primes-object primes-sha256 primes-upstream primes-ask primes-expect primes-deadline
install_program

# A server on port 80 that is really there: when it cannot be reached from the internet, that is the firewall's doing.
# No load balancer sends anyone here, so it need not linger when the machine is deleted.
run_service backend --listen http://0.0.0.0:80 --drain-delay 0
echo "primedeploy: listening on port 80"

step='asking the load balancer'
"$program" probe --upstream "${attribute[primes-upstream]}" --ask "${attribute[primes-ask]}" --expect-backends "${attribute[primes-expect]}" \
  --deadline "${attribute[primes-deadline]}"
echo "primedeploy: ready $role"
