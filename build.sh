#!/usr/bin/env bash
# Builds build/ when its sources changed, then runs it in the checkout with the arguments as they came.
set -euo pipefail

# Cake reads cake.config from the working directory.
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"

readonly program=build/bin/Debug/net10.0/PrimeDeploy.Build.dll
readonly stamp=build/obj/build.stamp
readonly lock=build/obj/build.lock

# The SDK must work on a machine without ICU, and without a word of its own.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=0

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

main() {
  if needs_machines "$@"; then
    install_system_packages
  fi
  command -v dotnet >/dev/null || fail_without_sdk "dotnet is not installed"
  if ! is_built; then
    build
  fi
  exec dotnet "$program" "$@"
}

# Machines are needed unless every target does without, they are simulated or in another cloud, or Cake only shows something.
needs_machines() {
  [[ $(uname) == Linux ]] || return 1

  local targets=() cloud='' machines='' option='' argument
  for argument in "$@"; do
    if [[ $option ]]; then
      argument=$option=$argument
      option=''
    fi
    case ${argument,,} in
      -h | --help | --ver | --version | --info) return 1 ;;
      --tree | --showtree | --description | --descriptions | --showdescription | --showdescriptions) return 1 ;;
      --dryrun | --noop | --whatif) return 1 ;;
      -t | --target | --cloud | --machines) option=$argument ;;
      -t=* | --target=*) targets+=("${argument#*=}") ;;
      --cloud=*) cloud=${argument#*=} ;;
      --machines=*) machines=${argument#*=} ;;
    esac
  done

  cloud=${cloud:-$(configured cloud "${CAKE_PRIMEDEPLOY_CLOUD:-}")}
  machines=${machines:-$(configured machines "${CAKE_PRIMEDEPLOY_MACHINES:-}")}
  [[ ${cloud,,} != google && ${machines,,} != none ]] || return 1

  local target
  for target in "${targets[@]:-default}"; do
    case ${target,,} in
      build | default | dispatch | explain | graph | pack | publish | status | teardown | teardownexpired) ;;
      *) return 0 ;;
    esac
  done
  return 1
}

# A setting as Cake reads it: cake.config wins over the environment.
configured() {
  local line
  while read -r line; do
    line=${line//[[:space:]]/}
    if [[ ${line,,} == "$1"=* ]]; then
      echo "${line#*=}"
      return
    fi
  done <cake.config
  echo "$2"
}

install_system_packages() {
  local missing=()
  command -v nft >/dev/null || missing+=(nftables)
  command -v ip >/dev/null || missing+=(iproute2)
  command -v perl >/dev/null || missing+=(perl-base)
  command -v unshare >/dev/null && command -v nsenter >/dev/null && command -v setpriv >/dev/null || missing+=(util-linux)
  command -v mount >/dev/null || missing+=(mount)
  command -v curl >/dev/null || missing+=(curl)
  [[ -e /etc/ssl/certs/ca-certificates.crt || -d /etc/pki/tls/certs ]] || missing+=(ca-certificates)
  ((${#missing[@]})) || return 0

  local simulated="Or do without real machines: --machines=none simulates them."
  if ! command -v apt-get >/dev/null; then
    fail "The local cloud's machines need what Debian calls: ${missing[*]}." \
      "This is not Debian or Ubuntu: install them with this system's package manager, then run the command again." "$simulated"
  fi
  if ((EUID != 0)); then
    fail "The local cloud's machines need packages that are not installed: ${missing[*]}." \
      "Install them, then run the command again:  sudo apt-get update && sudo apt-get install -y ${missing[*]}" "$simulated"
  fi

  echo "Installing ${missing[*]} ..." >&2
  local output
  output=$(apt-get -qq update 2>&1 &&
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends -o DPkg::Lock::Timeout=120 "${missing[@]}" 2>&1 </dev/null) ||
    fail "$output" "Could not install ${missing[*]}. Install them by hand, then run the command again."
}

fail_without_sdk() {
  local version
  version=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' global.json)
  fail "$1: PrimeDeploy needs the .NET SDK $version or a later 10.0 (global.json)." \
    "Install the package dotnet-sdk-10.0 (Ubuntu: apt-get install dotnet-sdk-10.0; other systems: add Microsoft's package" \
    "repository first), or get \".NET 10 SDK\" from Microsoft's download page at dotnet.microsoft.com, then run the command again."
}

# Names, times and sizes of everything that the program is built from. Empty where find is not GNU's: then MSBuild decides every time.
sources() {
  (find build src/Deployer src/Reporting substitutes Directory.* global.json .editorconfig \
    \( -name bin -o -name obj \) -prune -o -type f -printf '%p %T@ %s\n' | LC_ALL=C sort | sha256sum) 2>/dev/null || true
}

is_built() {
  [[ -e $program && -e $stamp ]] || return 1
  local now
  now=$(sources)
  [[ $now && $now == "$(<"$stamp")" ]]
}

build() {
  dotnet --version >/dev/null 2>&1 || fail_without_sdk "The installed .NET SDK is too old"
  mkdir -p build/obj
  exec 9>"$lock"
  if command -v flock >/dev/null; then
    flock 9
    # Another run may have built it meanwhile.
    if is_built; then
      exec 9>&-
      return
    fi
  fi

  echo "Building PrimeDeploy ..." >&2
  local before output
  before=$(sources)
  rm -f "$stamp"
  # What MSBuild starts must not hold the lock, nor outlive the build.
  output=$(dotnet build build/Build.csproj --nologo --tl:off -v quiet "-clp:ErrorsOnly;NoSummary" --disable-build-servers 2>&1 9>&-) ||
    fail "$output" "PrimeDeploy does not build; the compiler's errors are above."
  printf '%s\n' "$before" >"$stamp"
  exec 9>&-
}

main "$@"
