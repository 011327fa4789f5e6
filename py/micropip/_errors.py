"""What goes wrong when packages are installed."""


class InstallError(ValueError):
    """A package cannot be installed or uninstalled; the message says why, and nothing has been changed."""


def translate(error: Exception) -> InstallError:
    """An InstallError with the message of an error of the JavaScript side."""
    return InstallError(str(error).removeprefix("Error: "))
