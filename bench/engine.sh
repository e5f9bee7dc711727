#!/usr/bin/env bash
# Measures what the deployer adds to the cloud's own time, and how that grows; prints the figures as Markdown. Machines are simulated.
set -euo pipefail

project=$(dirname -- "${BASH_SOURCE[0]}")/Engine
readonly project

export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=0

output=$(dotnet build "$project" --configuration Release --nologo --tl:off -v quiet "-clp:ErrorsOnly;NoSummary" --disable-build-servers 2>&1) || {
  printf '%s\n' "$output" >&2
  exit 1
}
exec dotnet "$project/bin/Release/net10.0/PrimeDeploy.EngineBench.dll" "$@"
