#!/usr/bin/env bash
# Measures what a deployment to the local cloud takes, on this machine, and prints the figures as Markdown. Needs root on Linux, as machines do.
set -euo pipefail

project=$(dirname -- "${BASH_SOURCE[0]}")/Deploy
readonly project

export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=0

if ((EUID != 0)) || [[ $(uname) != Linux ]]; then
  echo "The local cloud's machines need root on Linux; without them there is nothing to measure." >&2
  exit 1
fi

output=$(dotnet build "$project" --configuration Release --nologo --tl:off -v quiet "-clp:ErrorsOnly;NoSummary" --disable-build-servers 2>&1) || {
  printf '%s\n' "$output" >&2
  exit 1
}
exec dotnet "$project/bin/Release/net10.0/PrimeDeploy.DeployBench.dll" "$@"
