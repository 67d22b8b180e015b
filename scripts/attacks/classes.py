"""Every class of attack, in the order in which they run; what restarts a service, and what looks back over all, comes last.

A database that was put back leaves a chain that is never whole again, so that class has a lab of its own, behind all.
"""
import alerts
import approvals
import bodies
import browsers
import changed
import dripping
import echoes
import escapes
import forged
import foreign
import limits
import paths
import replayed
import restored
import sessions
import smuggled
import statements
import times
import unsigned
import wrong_keys

CLASSES = (unsigned.Unsigned, forged.Forged, changed.Changed, wrong_keys.WrongKeys, foreign.Foreign, browsers.Browsers, bodies.Bodies,
           smuggled.Smuggled, dripping.Dripping, statements.Statements, paths.Paths, escapes.Escapes, approvals.Approvals,
           sessions.Sessions, times.Times, replayed.Replayed, echoes.Echoes, limits.Limits, alerts.Alerts, restored.Restored)
