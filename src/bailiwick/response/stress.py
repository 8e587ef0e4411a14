"""What must a reader know to judge and repeat the simulation?

The items of STRESS-DES (Monks, Currie, Onggo, Robinson, Kunc and Taylor, Journal of Simulation 13, 2019, 55-67), filled
in from the case itself.
"""

from __future__ import annotations

from bailiwick.case import Case
from bailiwick.response import calibration, groundwork, service
from bailiwick.response.town import WEEK
from bailiwick.tables import ResultTable


def table(case: Case) -> ResultTable:
    """The reporting sheet: item by item, what this simulation does."""
    rows = (*_objectives(case), *_logic(case), *_data(case), *_experiments(case), *_code(case)) \
        if groundwork.can_simulate(case) else ()
    return ResultTable("response_stress", "Reporting sheet of the simulation (STRESS-DES)", ("section", "item", "text"),
                       ("", "", ""), rows)


def _objectives(case: Case) -> tuple[tuple[str, str, str], ...]:
    options = ", ".join(o.name for o in case.scheme.options)
    return (
        ("1 Objectives", "1.1 Purpose", f"To say whether help comes more slowly under each option: {case.question}"),
        ("1 Objectives", "1.2 Outputs", "Share of calls reached in time, mean and ninetieth percentile of minutes, "
                                        "cross-border share, load of cars and desks, by area and grade."),
        ("1 Objectives", "1.3 Aims of experimentation",
         f"Paired comparison of {options} under the same calls, over all sets that the published figures admit."),
    )


def _logic(case: Case) -> tuple[tuple[str, str, str], ...]:
    places = groundwork.places_in_scope(case)
    return (
        ("2 Logic", "2.1 Diagram", "Call received, control room, dispatcher's desk, inspector (some calls), dispatch "
                                   "by the option's rule, trip, job, custody or guard, clear, next call or base."),
        ("2 Logic", "2.2 Base model", f"{places.own} areas as they are today and the {len(places.codes) - places.own} "
                                      "that touch them; own cars first, aid across borders as assumed."),
        ("2 Logic", "2.3 Scenarios", "Commands, dispatch, channels, desks, inspectors, posting, parade and kept "
                                     "investigations as each option's operating model says."),
        ("2 Logic", "2.4 Algorithms", "Nearest car by expected minutes, then lowest number; queues by grade, then age; "
                                      "a car on its way to a lower grade may be turned round to an immediate call."),
        ("2 Logic", "2.5 Components", "Entities: calls. Resources: cars with crews by shift, desks, inspectors. A "
                                      "pooled channel takes the oldest waiting call wherever it is."),
    )


def _data(case: Case) -> tuple[tuple[str, str, str], ...]:
    free = calibration.free_assumptions(case)
    guesses = sum(case.assumption(name).kind == "guess" for name in free)
    return (
        ("3 Data", "3.1 Sources", "Published counts of calls and shares on time, recorded crime, residents by ward; "
                                  "everything else is an assumption with a range."),
        ("3 Data", "3.2 Pre-processing", "Calls shared among areas by residents and recorded crime; hours of the week "
                                         "by a published profile; straight lines times a detour."),
        ("3 Data", "3.3 Inputs", f"{len(free)} assumptions vary, {guesses} of them guesses; all are listed with range, "
                                 "source and holder in the table of assumptions."),
        ("3 Data", "3.4 Assumptions", "No vehicle breaks down, no caller gives up, no call changes grade; dispatchers "
                                      "know where every car is; crews of one area are alike."),
    )


def _experiments(case: Case) -> tuple[tuple[str, str, str], ...]:
    warm = int(groundwork.WARM_HOURS // WEEK)
    return (
        ("4 Experimentation", "4.1 Initialisation", f"Empty at the start; the first {warm} of {service.WEEKS} weeks is "
                                                    "dropped."),
        ("4 Experimentation", "4.2 Run length", f"{service.WEEKS - warm} weeks for each set of assumptions; intervals "
                                                "from weekly differences."),
        ("4 Experimentation", "4.3 Estimation",
         "One run for each set; the spread over sets is that of ignorance, the paired interval that of chance. A run "
         "without steady state is refused."),
    )


def _code(case: Case) -> tuple[tuple[str, str, str], ...]:
    return (
        ("5 Implementation", "5.1 Software", "bailiwick, Python with NumPy and numba; the event loop is checked "
                                             "against two other simulation engines on the same calls."),
        ("5 Implementation", "5.2 Random numbers", f"PCG64, one named stream for each area and attribute, seed "
                                                   f"{case.seed}, replicate {case.replicate}."),
        ("5 Implementation", "5.3 Execution", "Discrete events; ties in a stated order; same inputs, same bytes."),
        ("6 Access", "6.1 Code", "Open source; the case is data in plain files."),
    )
