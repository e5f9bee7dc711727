#!/bin/bash
# Startup script of a backend machine: answers GET /N on port 80 with True or False.
# Runs as root at every boot of a Debian machine. Instance attributes: primes-bucket, primes-object and primes-sha256 say which program.

readonly role=backend
source "${BASH_SOURCE[0]%/*}/machine.sh"

read_attributes primes-bucket primes-object primes-sha256
install_program
run_service backend --listen http://0.0.0.0:80
echo "primedeploy: ready $role"
