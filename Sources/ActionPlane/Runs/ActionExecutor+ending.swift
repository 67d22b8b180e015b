import OpsModel
import OpsRuntime
import OpsService

/// How a run ends: claims settled, what was put aside removed, the result on disk before anybody hears of it.
extension ActionExecutor {
    /// Tells the undo of any fault that a run is about to change these resources.
    func claim(_ state: Claim.State, _ intent: Intent) throws(ActionError) {
        for resource in intent.resources {
            do {
                try shared.write(state, of: resource.name, by: intent.run, fingerprint: resource.fingerprint, at: now())
            } catch {
                throw ActionError(.recordUnwritable, "the claim of \(resource.name) cannot be written: \(error)")
            }
        }
    }

    /// Gives the claims their last word.
    ///
    /// A run that nobody understands keeps its claims as intended.
    func settle(_ intent: Intent, _ outcome: Outcome) {
        let state: Claim.State
        switch outcome {
        case .done: state = .done
        case .notDone: state = .abandoned
        case .unknown: return
        }
        do throws(ActionError) { try claim(state, intent) } catch {
            logger.error("a claim could not be settled", ["run": .string(intent.run), "error": .string("\(error)")])
        }
    }

    /// Removes what the action put aside; what cannot be removed is left and reported.
    func cleanUp(_ action: any RemediationAction, _ intent: Intent) async {
        do throws(ActionError) { try await action.cleanUp(intent) } catch {
            logger.warning("something was left behind", ["run": .string(intent.run), "error": .string("\(error)")])
        }
    }

    /// Writes the result down and tells it; says whether it is on disk.
    ///
    /// If it is not, the next start finds the same result in the world.
    ///
    /// - Important: Until the result is on disk, what proves it in the world must stay: no ``cleanUp(_:_:)`` before that.
    func conclude(_ result: ActionResult, _ consumption: Consumption) async -> Bool {
        let isWritten = write(result)
        metrics?.count(result)
        logger.info(
            "an action ended",
            [
                "run": .string(result.run), "action": .string(result.action), "state": .string(result.state.rawValue),
                "message": .string(result.message),
            ]
        )
        let run = journal.ledger.runs[result.run] ?? .init(consumption: consumption, result: result)
        await recorder.ended(result, of: run)
        return isWritten
    }

    private func write(_ result: ActionResult) -> Bool {
        do throws(ActionError) {
            try journal.append(.ended(.init(run: result.run, result: result, at: now())))
            return true
        } catch {
            logger.error("a result could not be written", ["run": .string(result.run), "error": .string("\(error)")])
            return false
        }
    }
}
