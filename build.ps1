# Builds build/ when its sources changed, then runs it in the checkout with the arguments as they came. For PowerShell 7 and Windows PowerShell 5.1.
$ErrorActionPreference = 'Stop'

$root = $PSScriptRoot
$program = [IO.Path]::Combine($root, 'build', 'bin', 'Debug', 'net10.0', 'PrimeDeploy.Build.dll')
$stamp = [IO.Path]::Combine($root, 'build', 'obj', 'build.stamp')

$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_GENERATE_ASPNET_CERTIFICATE = '0'

function Stop-WithMessage([string[]] $Lines) {
    [Console]::Error.WriteLine($Lines -join [Environment]::NewLine)
    exit 1
}

function Stop-WithoutSdk([string] $Reason) {
    $wanted = [regex]::Match([IO.File]::ReadAllText([IO.Path]::Combine($root, 'global.json')), '"version": *"([^"]*)"').Groups[1].Value
    Stop-WithMessage @(
        "${Reason}: PrimeDeploy needs the .NET SDK $wanted or a later 10.0 (global.json).",
        'Install it with "winget install Microsoft.DotNet.SDK.10", or get ".NET 10 SDK" from Microsoft''s download page',
        'at dotnet.microsoft.com, then run the command again.')
}

# Names, times and sizes of everything that the program is built from.
function Get-SourceHash {
    $places = @('build', [IO.Path]::Combine('src', 'Deployer'), [IO.Path]::Combine('src', 'Reporting'), 'substitutes')
    $files = @($places | ForEach-Object { [IO.DirectoryInfo]::new([IO.Path]::Combine($root, $_)).EnumerateFiles('*', 'AllDirectories') })
    $files += @('Directory.*', 'global.json', '.editorconfig' | ForEach-Object { [IO.DirectoryInfo]::new($root).EnumerateFiles($_) })
    $lines = @($files |
        Where-Object { $_.FullName.Substring($root.Length) -notmatch '[\\/](bin|obj)[\\/]' } |
        ForEach-Object { '{0} {1} {2}' -f $_.FullName.Substring($root.Length), $_.LastWriteTimeUtc.Ticks, $_.Length })
    [Array]::Sort($lines, [StringComparer]::Ordinal)
    $sha = [Security.Cryptography.SHA256]::Create()
    [BitConverter]::ToString($sha.ComputeHash([Text.Encoding]::UTF8.GetBytes($lines -join "`n")))
}

function Test-Built {
    [IO.File]::Exists($program) -and [IO.File]::Exists($stamp) -and [IO.File]::ReadAllText($stamp) -eq (Get-SourceHash)
}

function Test-Sdk {
    # Windows PowerShell takes a line on a redirected error stream for an error of its own.
    $ErrorActionPreference = 'Continue'
    & dotnet --version 2>&1 | ForEach-Object { }
    $LASTEXITCODE -eq 0
}

function Invoke-Build {
    if (-not (Test-Sdk)) { Stop-WithoutSdk 'The installed .NET SDK is too old' }

    # One build at a time in this checkout; a run that was killed leaves nothing locked.
    $name = 'PrimeDeploy-' + ($root -replace '[\\/:]', '-')
    $mutex = [Threading.Mutex]::new($false, $name)
    try { $null = $mutex.WaitOne() } catch [Threading.AbandonedMutexException] { $null = $_ }
    try {
        if (Test-Built) { return }
        [Console]::Error.WriteLine('Building PrimeDeploy ...')
        $before = Get-SourceHash
        [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($stamp)) | ForEach-Object { }
        [IO.File]::Delete($stamp)
        $project = [IO.Path]::Combine($root, 'build', 'Build.csproj')
        $output = & dotnet build $project --nologo --tl:off -v quiet '-clp:ErrorsOnly;NoSummary' --disable-build-servers
        if ($LASTEXITCODE -ne 0) { Stop-WithMessage (@($output) + "PrimeDeploy does not build; the compiler's errors are above.") }
        [IO.File]::WriteAllText($stamp, $before)
    }
    finally {
        $mutex.ReleaseMutex()
        $mutex.Dispose()
    }
}

if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) { Stop-WithoutSdk 'dotnet is not installed' }

# Cake reads cake.config from the working directory.
Push-Location $root
try {
    if (-not (Test-Built)) { Invoke-Build }
    & dotnet $program @args
}
finally { Pop-Location }
exit $LASTEXITCODE
