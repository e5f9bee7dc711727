#!/bin/bash
# What the machines of all roles do at boot: they fetch the program, check it, and run it as a service. The script of a role sources this file,
# with role set; the Deployer puts the text in that place, because for the cloud a startup script is one file.

set -euo pipefail

: "${role:?what this machine is; the script of a role sets it}"

readonly metadata=http://metadata.google.internal/computeMetadata/v1
readonly home=/usr/local/lib/primes
readonly unit=/etc/systemd/system/primes.service
declare -A attribute
step='starting'

# The last line on the serial port is the result, which whoever deploys waits for.
report_failure() {
  local status=$?
  ((status == 0)) || echo "primedeploy: failed $role: $step (exit status $status)"
}
trap report_failure EXIT

# Waits for networks and servers that are not there yet, up to a minute and a half.
fetch() {
  curl --silent --show-error --fail --connect-timeout 5 --retry 60 --retry-connrefused --retry-delay 1 --retry-max-time 90 "$@"
}

# Reads the instance's attributes KEY… into the array of that name, all with one request after the other on one connection.
read_attributes() {
  local text values key
  step="reading the attributes $* from the metadata server"
  text=$(fetch --fail-early --header 'Metadata-Flavor: Google' --write-out '\n' "${@/#/$metadata/instance/attributes/}")
  mapfile -t values <<<"$text"
  for key; do
    attribute[$key]=${values[0]:?"the attribute $key is empty"}
    values=("${values[@]:1}")
  done
}

has_hash() {
  [[ -f $1 ]] && sha256sum --check --status <<<"${attribute[primes-sha256]} *$1"
}

# Fetches the program from the bucket with the machine's own token, unless it is there already, and checks its hash.
# A file under its hash's name is whole: it gets the name last.
install_program() {
  local folder="$home/${attribute[primes-sha256]}" answer
  program=$folder/primes
  step='checking the program that is already here'
  has_hash "$program" && return

  step='getting a token from the metadata server'
  answer=$(fetch --header 'Metadata-Flavor: Google' "$metadata/instance/service-accounts/default/token")
  [[ $answer =~ \"access_token\"\ *:\ *\"([^\"]+)\" ]]

  step="fetching gs://${attribute[primes-bucket]}/${attribute[primes-object]}"
  mkdir -p "$folder"
  # The token comes by standard input: arguments are visible to every user of the machine.
  # A permission that was given a moment ago may take a while to be known: every error is tried again.
  fetch --retry-all-errors --header @- --output "$program.part" "https://storage.googleapis.com/${attribute[primes-bucket]}/${attribute[primes-object]}" \
    <<<"Authorization: Bearer ${BASH_REMATCH[1]}"

  step="checking that the program's hash is ${attribute[primes-sha256]}"
  has_hash "$program.part"
  chmod 755 "$program.part"
  mv "$program.part" "$program"
}

# Runs the program as a service with the given arguments, from now on and at every boot; leaves it alone where it runs so already.
run_service() {
  local wanted="[Unit]
Description=Prime-number service: $1
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
ExecStart=$program $*
# Bytes that are allocated before garbage is collected: .NET takes the size of the processor's cache, which is a lot for a small machine.
Environment=DOTNET_GCgen0size=0x200000
WorkingDirectory=$home
Restart=always
RestartSec=1
TimeoutStopSec=20

[Install]
WantedBy=multi-user.target"

  step='starting the service'
  if [[ ! -f $unit || $(<"$unit") != "$wanted" || $(systemctl is-active primes.service) != active ]]; then
    echo "$wanted" >"$unit"
    systemctl daemon-reload
    systemctl enable primes.service
    systemctl restart primes.service
  fi

  step='waiting for the service to answer http://127.0.0.1/healthz'
  local deadline=$((SECONDS + 60))
  until curl --silent --fail --output /dev/null --max-time 2 http://127.0.0.1/healthz; do
    ((SECONDS < deadline))
    sleep 0.05
  done
}
