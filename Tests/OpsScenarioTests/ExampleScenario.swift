/// The example with which the language was first written down, as it stood there.
let exampleScenario = """
    scenario: 1
    id: report-forgets-its-transaction
    about: A report session stops in mid-transaction; checkout queues behind the rows it holds.
    family: checkout-burns           # all members open with the same page; CI checks it
    needs: {database: postgres, culprit: batch, caller: http}   # roles, bound by kind: \
    runs on any topology that has them

    steady: {hold: 10s}              # not held: the run is `invalid`

    draw:                            # from the seed; recorded; equal draws count once
      onset:  8s..20s
      mode:   [row, table]
      owner:  [culprit, operator-shell]
      decoy:  [none, benign-deploy, traffic-spike, card-declines]
      load:   100/s..160/s

    inject:
      - at: $onset
        fault: db-lock
        target: database
        with: {mode: $mode, as: $owner, hot: true}
        lease: 180s                  # longer than budget + window, lint checks it
    decoys:
      - {at: $onset - 4s, kind: $decoy}

    expect:
      page: {journey: checkout}
      cause: {component: database, mechanism: lock-contention}
      also_right: [{component: culprit, mechanism: lock-contention}]
      end: repaired                  # or `escalated`, or `untouched` for controls
      repairs:                       # any one of these
        - [{action: terminate-sessions, which: blocker}]
      needless: [restart-service, clear-cache, switch-to-fallback]

    judge:
      budget: 90s
      window: 15s                    # all journeys at their objectives
      replay: {run: culprit, times: 2}           # the trigger comes again; must not relapse
      envelope: {sessions_ended: 1, downtime: 0s, orders_lost: 0, charged_twice: 0}

    proof:                           # CI runs each; the verdict must be exactly this
      - {do: [],                                             verdict: not-mitigated}
      - {do: [{restart-service: caller}],                    verdict: not-mitigated}
      - {do: [{restart-db: database}],                       verdict: collateral}
      - {do: [{terminate-sessions: all}],                    verdict: collateral}
      - {do: [{terminate-sessions: blocker}],                verdict: passed}
      - {do: [{terminate-sessions: blocker}], say: {component: caller, mechanism: pool-exhausted}, verdict: wrong-cause}

    approvers: [approve, deny-then-approve, never]   # `never` must end `escalated`, nothing touched
    """
