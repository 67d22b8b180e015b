"""Every class of attack, in the order in which they run; what restarts a service, and what looks back over all, comes last."""
import bodies
import changed
import dripping
import echoes
import escapes
import forged
import foreign
import paths
import replayed
import smuggled
import statements
import times
import unsigned
import wrong_keys

CLASSES = (unsigned.Unsigned, forged.Forged, changed.Changed, times.Times, wrong_keys.WrongKeys, foreign.Foreign, bodies.Bodies,
           smuggled.Smuggled, dripping.Dripping, statements.Statements, escapes.Escapes, paths.Paths, replayed.Replayed, echoes.Echoes)
