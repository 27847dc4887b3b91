"""A command that runs beside Blender tells what happens without ever being waited for."""

import sys
import time
from pathlib import Path

import pytest
from blender_addon.job import Job


def job_of(folder: Path, script: str) -> Job:
    return Job([sys.executable, "-u", "-c", script], folder / "new" / "job.log")


def test_events_are_heard_and_other_lines_passed_over(tmp_path: Path) -> None:
    job = job_of(tmp_path, 'print(\'{"event": "a"}\\nnoise\\n[1]\\n{"event": "b", "n": 1}\')')
    job.wait()

    assert list(job.events()) == [{"event": "a"}, {"event": "b", "n": 1}]
    assert job.ended
    assert job.exit_code == 0
    assert list(job.events()) == []


def test_listening_does_not_wait(tmp_path: Path) -> None:
    job = job_of(tmp_path, "import time; time.sleep(60)")
    began = time.monotonic()

    told = list(job.events())

    assert time.monotonic() - began < 1
    assert (told, job.ended) == ([], False)
    job.stop()
    job.wait()


def test_more_errors_than_a_pipe_holds_do_not_block_it(tmp_path: Path) -> None:
    job = job_of(
        tmp_path,
        "import sys; sys.stderr.write('x' * 10**6 + '\\nit broke'); print('{\"event\": 1}')",
    )
    job.wait()

    assert list(job.events()) == [{"event": 1}]
    assert job.last_words().endswith("it broke")


def test_a_job_can_be_stopped_and_one_that_will_not_is_ended_for_good(tmp_path: Path) -> None:
    stubborn = (
        "import signal, time\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        'print(\'{"event": "ready"}\')\n'
        "time.sleep(60)"
    )
    job = job_of(tmp_path, stubborn)
    while not list(job.events()):
        time.sleep(0.01)

    job.stop()
    time.sleep(0.2)
    assert not job.ended
    job.stop()
    job.wait()

    assert job.exit_code != 0


def test_the_command_gets_nothing_of_blenders_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/blender/python")
    job = job_of(tmp_path, "import os; print('{\"event\": %d}' % ('PYTHONPATH' in os.environ))")
    job.wait()

    assert list(job.events()) == [{"event": 0}]


def test_a_command_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        Job([str(tmp_path / "nowhere")], tmp_path / "job.log")
