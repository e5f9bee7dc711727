#!/bin/bash
# Startup script of the frontend machine: shows the matrix of primes on port 80 and asks the load balancer for the numbers.
# Runs as root at every boot of a Debian machine. Instance attributes: primes-bucket, primes-object and primes-sha256 say which program,
# primes-upstream the load balancer's address, such as http://10.138.0.10.

readonly role=frontend
source "${BASH_SOURCE[0]%/*}/machine.sh"

read_attributes primes-bucket primes-object primes-sha256 primes-upstream
install_program
run_service frontend --listen http://0.0.0.0:80 --upstream "${attribute[primes-upstream]}"
echo "primedeploy: ready $role"
