"""Ctrl-C that is held back until it does no harm, with real signals."""

import signal
import threading

import pytest

from tandemplan.interrupts import heard, held_back, pending, waiting


@pytest.fixture(autouse=True)
def usual():
    """Have Ctrl-C raise, as at a shell: jobs in the background pass it over."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    assert signal.signal(signal.SIGINT, before) is signal.default_int_handler, "what was held back is let go"


def press():
    signal.raise_signal(signal.SIGINT)


def test_an_interrupt_waits_until_somebody_waits():
    done = []
    with held_back():
        press()
        done.append("work")
        assert pending()
        with pytest.raises(KeyboardInterrupt), waiting():
            done.append("never")
        assert not pending()
    assert done == ["work"]


def test_who_asks_takes_an_interrupt_on():
    with held_back():
        press()
        assert heard()
        assert not heard()
        with waiting():
            pass


def test_an_interrupt_comes_through_at_once_where_somebody_waits():
    with held_back(), pytest.raises(KeyboardInterrupt), waiting():
        press()


def test_what_nobody_waits_for_is_forgotten_in_the_end():
    with held_back():
        press()
    assert not pending()
    with held_back():
        assert not pending()
        with waiting():
            pass


def test_the_third_interrupt_comes_through_wherever_it_comes():
    with held_back():
        press()
        press()
        assert pending()
        with pytest.raises(KeyboardInterrupt):
            press()


def test_a_block_inside_another_holds_back_what_the_other_does():
    with held_back():
        with held_back():
            press()
        assert pending()


def test_without_a_block_nothing_is_held_back():
    with pytest.raises(KeyboardInterrupt):
        press()
    with pytest.raises(KeyboardInterrupt), waiting():
        press()


def test_a_meaning_of_its_own_is_left_alone():
    heard = []
    signal.signal(signal.SIGINT, lambda *_: heard.append(True))
    with held_back():
        press()
        assert not pending()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    assert heard == [True]


def test_in_a_thread_nothing_changes():
    seen = []

    def work():
        with held_back():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]
