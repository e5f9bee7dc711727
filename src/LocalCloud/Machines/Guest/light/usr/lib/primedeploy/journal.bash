# Sourced. How lines of programs look on the serial port, where the journal is forwarded to.

# Copies standard input to standard output, each line with date, host and program.
# usage: journal PROGRAM PID
journal() {
  local line
  while IFS= read -r line || [[ -n $line ]]; do
    printf '%(%b %e %H:%M:%S)T %s %s[%s]: %s\n' -1 "$HOSTNAME" "$1" "$2" "$line"
  done
}

# What the service manager itself has to say.
manager_says() {
  printf '%(%b %e %H:%M:%S)T %s systemd[1]: %s\n' -1 "$HOSTNAME" "$*"
}
