# Sourced. Reads service units as systemd does, as far as services of startup scripts need it.
# shellcheck disable=SC2034 # What it sets is for those who source it.

readonly unit_directory=/etc/systemd/system
# Of systemd-run; gone with the next boot.
readonly transient_directory=/run/systemd/transient
readonly unit_state=/run/primedeploy/units

# Keys that say how a service relates to others or is shown; they change nothing about how one service runs here.
readonly keys_without_effect=' Description Documentation After Before Wants Requires BindsTo PartOf WantedBy RequiredBy Also Alias StandardOutput StandardError SyslogIdentifier KillMode SendSIGKILL '

unit_name() {
  case $1 in
    *.*) echo "$1" ;;
    *) echo "$1.service" ;;
  esac
}

# The file of a unit; that of one which is not there tells where it would have to be.
unit_file() {
  if [[ ! -f $unit_directory/$1 && -f $transient_directory/$1 ]]; then
    echo "$transient_directory/$1"
  else
    echo "$unit_directory/$1"
  fi
}

# Splits a line into the array "words" by systemd.syntax(7): blanks separate, single and double quotes and backslashes keep together.
split_words() {
  local text=$1 word='' quote='' inside=0 c i
  words=()
  for ((i = 0; i < ${#text}; i++)); do
    c=${text:i:1}
    if [[ $c == "\\" ]]; then
      ((++i))
      word+=${text:i:1}
      inside=1
    elif [[ -n $quote ]]; then
      if [[ $c == "$quote" ]]; then quote=''; else word+=$c; fi
    elif [[ $c == [\"\'] ]]; then
      quote=$c
      inside=1
    elif [[ $c == [[:space:]] ]]; then
      if ((inside)); then words+=("$word"); fi
      word=''
      inside=0
    else
      word+=$c
      inside=1
    fi
  done
  if ((inside)); then words+=("$word"); fi
}

# Puts a systemd.time(7) span into "milliseconds": 5, 500ms, 1min 30s; "infinity" is a very long time.
read_span() {
  local text=$1 fraction scale
  milliseconds=0
  if [[ $text == infinity ]]; then
    milliseconds=1000000000000
    return
  fi
  while [[ $text =~ ^[[:space:]]*([0-9]+)(\.([0-9]+))?[[:space:]]*([a-z]*) ]]; do
    text=${text:${#BASH_REMATCH[0]}}
    fraction=${BASH_REMATCH[3]}000
    case ${BASH_REMATCH[4]} in
      ms | msec) scale=1 ;;
      m | min | minute | minutes) scale=60000 ;;
      h | hr | hour | hours) scale=3600000 ;;
      *) scale=1000 ;;
    esac
    ((milliseconds += 10#${BASH_REMATCH[1]} * scale + 10#${fraction:0:3} * scale / 1000))
  done
}

# Fills: unit (key -> value, for keys with one value), exec_start_pre, exec_start, exec_stop_post, environment, environment_files, unit_warnings.
load_unit() {
  local file line key value section='' continued='' number=0 words
  file=$(unit_file "$1")
  declare -gA unit=([Type]=simple [Restart]=no [RestartSec]=100ms [TimeoutStopSec]=90s [KillSignal]=SIGTERM [RemainAfterExit]=no [Description]=$1)
  exec_start_pre=() exec_start=() environment=() environment_files=() unit_warnings=()
  if [[ ! -f $file ]]; then
    return 1
  fi

  while IFS= read -r line || [[ -n $line ]]; do
    ((++number))
    if [[ -z $continued && $line =~ ^[[:space:]]*([#\;].*)?$ ]]; then continue; fi
    line=$continued$line
    if [[ $line == *\\ ]]; then
      continued="${line%\\} "
      continue
    fi
    continued=''
    if [[ $line =~ ^\[(.*)\]$ ]]; then
      section=${BASH_REMATCH[1]}
    elif [[ $line =~ ^[[:space:]]*([A-Za-z]+)[[:space:]]*=[[:space:]]*(.*[^[:space:]])?[[:space:]]*$ ]]; then
      key=${BASH_REMATCH[1]} value=${BASH_REMATCH[2]}
      value=${value//%n/$1} value=${value//%p/${1%.service}} value=${value//%H/$HOSTNAME} value=${value//%%/%}
      set_unit_key
    else
      unit_warnings+=("$file:$number: not a setting: $line")
    fi
  done <"$file"
}

set_unit_key() {
  case $key in
    # An empty value takes back what was set before.
    ExecStartPre) if [[ -n $value ]]; then exec_start_pre+=("$value"); else exec_start_pre=(); fi ;;
    ExecStart) if [[ -n $value ]]; then exec_start+=("$value"); else exec_start=(); fi ;;
    Environment)
      split_words "$value"
      environment+=("${words[@]}")
      ;;
    EnvironmentFile) environment_files+=("$value") ;;
    Type)
      unit[Type]=$value
      case $value in
        simple | exec | oneshot) ;;
        *)
          unit_warnings+=("$file:$number: Type=$value is not known on this machine; treated as simple")
          unit[Type]=simple
          ;;
      esac
      ;;
    Restart)
      unit[Restart]=$value
      case $value in
        no | on-failure | always) ;;
        *)
          unit_warnings+=("$file:$number: Restart=$value is not known on this machine; treated as on-failure")
          unit[Restart]=on-failure
          ;;
      esac
      ;;
    Description | RestartSec | TimeoutStopSec | KillSignal | WorkingDirectory | User | Group | RemainAfterExit | StartLimitBurst | StartLimitIntervalSec)
      unit[$key]=$value
      ;;
    *)
      if [[ $keys_without_effect != *" $key "* ]]; then
        unit_warnings+=("$file:$number: $key= in section [$section] has no effect on this machine")
      fi
      ;;
  esac
}
