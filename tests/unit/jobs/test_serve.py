import socket

import pytest

from yingjin.basics.errors import Conflict
from yingjin.jobs.serve import is_loopback, refuse_taken


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "localhost", "::1", "[::1]"])
def test_this_machines_own_addresses_are_known(address):
    assert is_loopback(address)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.2", "county.example"])
def test_any_other_address_is_not(address):
    assert not is_loopback(address)


def test_a_taken_port_is_refused_with_its_number():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Conflict, match=str(port)):
            refuse_taken("127.0.0.1", port)
    refuse_taken("127.0.0.1", port)
