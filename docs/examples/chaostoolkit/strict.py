"""A control for Chaos Toolkit: an activity whose answer is not what its tolerance says ends the experiment.

By itself Chaos Toolkit compares tolerances in the steady-state hypothesis only; elsewhere an answer of 422 is a warning.
"""
from chaoslib.exceptions import InterruptExecution
from chaoslib.hypothesis import within_tolerance


def after_activity_control(context, state, configuration=None, secrets=None):
    """Looks at the answer of one activity right after it came."""
    output = state["output"]
    if output is None:
        raise InterruptExecution(f"{context['name']}: no answer")
    if not within_tolerance(context["tolerance"], output, configuration, secrets):
        raise InterruptExecution(f"{context['name']}: {output['status']} {output['body']}")
