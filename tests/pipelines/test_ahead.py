"""What is read ahead and written behind comes in order, and its errors come to the one who works."""

import threading

import pytest

from altedic.pipelines.ahead import in_parallel, read_ahead, write_behind


def failing():
    yield 1
    raise ValueError("three")


@pytest.mark.parametrize("ahead", [0, 1, 3])
def test_items_read_ahead_keep_their_order_and_their_error(ahead):
    assert list(read_ahead(iter(range(50)), ahead=ahead)) == list(range(50))
    seen = []
    with pytest.raises(ValueError, match="three"):
        seen.extend(read_ahead(failing(), ahead=ahead))


def test_a_reader_that_is_left_early_ends_its_thread():
    for item in read_ahead(iter(range(1000)), ahead=2):
        if item == 3:
            break
    for thread in threading.enumerate():
        if thread.name == "read-ahead":
            thread.join(10)
            assert not thread.is_alive()


@pytest.mark.parametrize("behind", [False, True])
def test_items_written_behind_give_their_answers_in_order(behind):
    assert list(write_behind(lambda n: n * n, iter(range(50)), behind=behind)) == [n * n for n in range(50)]
    assert list(write_behind(str, iter([]), behind=behind)) == []


@pytest.mark.parametrize("behind", [False, True])
def test_what_fails_to_be_written_or_made_is_raised(behind):
    with pytest.raises(ZeroDivisionError):
        list(write_behind(lambda n: 1 // (3 - n), iter(range(9)), behind=behind))
    with pytest.raises(ValueError, match="three"):
        list(write_behind(str, failing(), behind=behind))


def test_one_is_written_while_the_next_is_made():
    made = threading.Event()

    def items():
        yield 1
        made.set()
        yield 2

    assert list(write_behind(lambda _: made.wait(30), items(), behind=True)) == [True, True]


@pytest.mark.parametrize("workers", [1, 3])
def test_work_on_several_items_gives_its_answers_in_order(workers):
    assert list(in_parallel(lambda n: n * n, iter(range(50)), workers=workers)) == [n * n for n in range(50)]
    assert list(in_parallel(str, iter([]), workers=workers)) == []
    with pytest.raises(ZeroDivisionError):
        list(in_parallel(lambda n: 1 // (3 - n), iter(range(9)), workers=workers))
    with pytest.raises(ValueError, match="three"):
        list(in_parallel(str, failing(), workers=workers))


def test_as_many_items_are_worked_on_as_there_are_workers_and_few_wait():
    together, taken = threading.Barrier(2, timeout=30), []

    def items():
        for n in range(20):
            taken.append(n)
            yield n

    # Two must be at work at a time, or the barrier breaks.
    for answer in in_parallel(lambda n: (together.wait(), n)[1], items(), workers=2):
        assert len(taken) <= answer + 4
