import OpsModel
import OpsRuntime
import OpsService
import OpsSystem

/// What a start does with the runs that a crash cut off, before anybody may ask for a new one.
extension ActionExecutor {
    /// Brings every open run to an end.
    func recover(within patience: Duration = .seconds(15)) async {
        for run in journal.ledger.open { await recover(run, within: patience) }
        await sweep()
    }

    /// Removes what runs put aside and had no time to remove.
    private func sweep() async {
        for run in journal.ledger.runs.values {
            guard let intent = run.intent, let result = run.result, result.state != .unknown else { continue }
            guard let action = try? catalogue.action(intent.action) else { continue }  // an older version's action
            await cleanUp(action, intent)
        }
    }

    private func recover(_ run: ActionLedger.Run, within patience: Duration) async {
        guard let intent = run.intent else {
            _ = await close(run, .notDone(isCompensated: false), "the service ended before the action began", [:])
            return
        }
        let action: any RemediationAction
        do throws(ActionError) { action = try catalogue.action(intent.action) } catch {
            _ = await close(run, .unknown, "this version has no action \(intent.action)", [:])
            return
        }
        // Whoever holds a resource longer than this is not our former self: it died with its locks.
        let locks = (try? await shared.lock(intent.resources.map(\.name), within: lockPatience)) ?? []
        defer { for lock in locks { lock.release() } }
        let states = await read(intent, of: action, within: patience)
        let detail = ["found": JSONValue.array(states.map { .string("\($0)") })]
        let decision =
            locks.count == intent.resources.count
            ? Recovery.decide(states: states, steps: intent.steps) : .unknown
        await carryOut(decision, run, intent, action, detail)
    }

    private func carryOut(
        _ decision: Recovery,
        _ run: ActionLedger.Run,
        _ intent: Intent,
        _ action: any RemediationAction,
        _ detail: [String: JSONValue]
    ) async {
        switch decision {
        case .notDone:
            await end(run, intent, action, .notDone(isCompensated: false), "the action had not begun", detail)
        case .doneRecovered:
            await end(run, intent, action, .done(isRecovered: true), "done; found so after a restart", detail)
        case .unknown:
            await end(run, intent, action, .unknown, "a person has to look: neither before nor after", detail)
        case .resume(let steps):
            let isDone = await resume(steps, intent, action) && steps.upperBound == intent.steps.count
            await end(
                run,
                intent,
                action,
                isDone ? .done(isRecovered: true) : .unknown,
                isDone ? "done; carried to its end after a restart" : "a person has to look: done in part",
                detail
            )
        }
    }

    private func resume(_ steps: Range<Int>, _ intent: Intent, _ action: any RemediationAction) async -> Bool {
        for index in steps {
            do throws(ActionError) {
                try journal.append(.begun(.init(run: intent.run, index: index, at: now())))
                try await action.perform(intent.steps[index], of: intent)
                guard try await action.state(of: intent.steps[index], in: intent) == .after else { return false }
            } catch {
                logger.error("a run could not be resumed", ["run": .string(intent.run), "error": .string("\(error)")])
                return false
            }
        }
        return true
    }

    /// Reads every step, waiting for a target that is only just starting.
    private func read(
        _ intent: Intent,
        of action: any RemediationAction,
        within patience: Duration
    ) async -> [StepState] {
        let end = ContinuousClock.now + patience
        while true {
            var states: [StepState] = []
            var unreadable: ActionError?
            for step in intent.steps {
                do throws(ActionError) { states.append(try await action.state(of: step, in: intent)) } catch {
                    unreadable = error
                    states.append(.other("\(error)"))
                }
            }
            guard unreadable != nil, ContinuousClock.now < end else { return states }
            // Cancelled while waiting: what was read so far is all there will be.
            guard (try? await Task.sleep(for: .milliseconds(100))) != nil else { return states }
        }
    }

    private func end(
        _ run: ActionLedger.Run,
        _ intent: Intent,
        _ action: any RemediationAction,
        _ outcome: Outcome,
        _ message: String,
        _ detail: [String: JSONValue]
    ) async {
        settle(intent, outcome)
        let isWritten = await close(run, outcome, message, detail)
        if isWritten, outcome != .unknown { await cleanUp(action, intent) }
    }

    /// Tells how a run ended; says whether that is on disk.
    private func close(
        _ run: ActionLedger.Run,
        _ outcome: Outcome,
        _ message: String,
        _ detail: [String: JSONValue]
    ) async -> Bool {
        let result = ActionResult(
            run: run.consumption.run,
            action: run.consumption.action,
            parameters: run.consumption.parameters,
            state: outcome.state,
            message: message,
            detail: .object(detail.merging(["recovered": true]) { $1 }),
            startedAt: run.consumption.at,
            endedAt: now()
        )
        return await conclude(result, run.consumption)
    }
}
