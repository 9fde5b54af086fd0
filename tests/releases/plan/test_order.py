"""However people move, add and remove tasks, positions stay the indices of one list."""

from hypothesis import given
from hypothesis import strategies as st

from models.releases.plan.order import (
    DOWN,
    PHASES,
    UP,
    TaskPlace,
    order_with_moved,
    order_with_placed,
    phase_heading,
    phase_rank,
)

orders = st.lists(st.sampled_from(PHASES), max_size=30).map(
    lambda phases: [TaskPlace(number + 1, phase) for number, phase in enumerate(phases)]
)

A, B, C = "training", "implementation", "back-out"

ORDER = [TaskPlace(1, A), TaskPlace(2, B), TaskPlace(3, A), TaskPlace(4, B)]


@given(orders, st.lists(st.tuples(st.integers(0, 40), st.sampled_from((UP, DOWN)))))
def test_moving_keeps_every_task_once_and_its_phase(order, steps):
    phase = dict(order)
    for number, step in steps:
        if not order:
            return
        task = order[number % len(order)].task
        before = [place.task for place in order if place.phase == phase[task]]
        tasks = order_with_moved(order, task, step)
        order = [TaskPlace(one, phase[one]) for one in tasks]
        after = [place.task for place in order if place.phase == phase[task]]
        assert sorted(tasks) == sorted(phase)
        assert sorted(before) == sorted(after)
        at = before.index(task)
        assert after.index(task) == min(max(at + step, 0), len(before) - 1)


@given(orders, st.integers(1, 31), st.sampled_from(PHASES), st.one_of(st.none(), st.integers(1, 40)))
def test_placing_keeps_every_task_once(order, task, phase, before):
    tasks = order_with_placed(order, task, phase, before)
    others = [place.task for place in order if place.task != task]
    assert sorted(tasks) == sorted([*others, task])
    assert [one for one in tasks if one != task] == others
    if before in others:
        assert tasks[tasks.index(task) + 1] == before


def test_a_task_is_exchanged_with_its_neighbour_in_the_phase_and_not_beyond_the_edge():
    assert order_with_moved(ORDER, 3, UP) == [3, 2, 1, 4]
    assert order_with_moved(ORDER, 2, DOWN) == [1, 4, 3, 2]
    assert order_with_moved(ORDER, 1, UP) == order_with_moved(ORDER, 4, DOWN) == [1, 2, 3, 4]


def test_a_task_stands_behind_the_last_of_its_phase_unless_it_is_put_before_another():
    assert order_with_placed(ORDER, 5, A) == [1, 2, 3, 5, 4]
    assert order_with_placed(ORDER, 5, C) == [1, 2, 3, 4, 5]
    assert order_with_placed(ORDER, 5, A, before=1) == [5, 1, 2, 3, 4]
    assert order_with_placed(ORDER, 4, A, before=4) == [1, 2, 3, 4]


def test_phases_come_in_the_order_of_the_process_and_unknown_ones_last():
    assert [phase_heading(phase) for phase in sorted(PHASES, key=phase_rank)] == [
        "Planning",
        "Communication",
        "Preparation",
        "Training",
        "Implementation",
        "Verification",
        "Back-out",
        "Early life support",
    ]
    assert phase_rank("dropped") > phase_rank("early_life_support")
