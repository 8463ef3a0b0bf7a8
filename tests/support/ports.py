"""Free ports, and waiting for a server by asking it, never by sleeping a guessed time."""

import socket
import subprocess
import time


def free_port() -> int:
    """Return a loopback port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(
    port: int, *, server: subprocess.Popen, seconds: float = 60, address: str = "127.0.0.1"
) -> None:
    """Wait until the server accepts connections on its port.

    Errors: RuntimeError when the server ends first, TimeoutError when it never listens.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(
                f"The server ended with {server.returncode} before it listened on port {port}."
            )
        try:
            socket.create_connection((address, port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"Nothing listened on port {port} within {seconds:.0f} s.")
