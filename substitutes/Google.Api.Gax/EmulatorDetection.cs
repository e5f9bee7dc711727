namespace Google.Api.Gax;

/// <summary>Whether a client builder minds the environment variables that name an emulator.</summary>
public enum EmulatorDetection
{
    None = 0,
    ProductionOnly = 1,
    EmulatorOnly = 2,
    EmulatorOrProduction = 3,
}
