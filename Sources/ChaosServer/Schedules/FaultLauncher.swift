import OpsModel

/// Begins faults that no person is waiting for: behind the gate, and watched for what ends them early.
struct FaultLauncher: Sendable {
    let injector: FaultInjector
    let gate: OutageGate
    let aborts: AbortWatching

    /// The faults that are not over.
    func open() throws(ChaosError) -> [FaultRecord] { try self.injector.records().filter { $0.endedAt == nil } }

    /// Why nothing may begin now; `own` picks those of the open faults that are the asker's.
    func refusal(atOnce: Int = 1, own: ([FaultRecord]) -> [String]) async -> FiringRefusal? {
        do {
            let open = try self.open()
            let scored = open.first { $0.run != nil }?.id
            // The customers are asked last: nobody needs them where something else speaks against it.
            let first = FiringRefusal.check(own: own(open), atOnce: atOnce, scored: scored, health: .good)
            if let first { return first }
            return FiringRefusal.check(own: [], atOnce: atOnce, scored: nil, health: await self.gate.check())
        } catch {
            return FiringRefusal(outcome: .unchecked, reason: "the open faults cannot be listed: \(error.message)")
        }
    }

    /// Begins a fault whose firing is on disk, or gives the reason why it did not.
    func launch(
        _ fault: String,
        _ request: FaultRequest,
        abort: AbortConditions?,
        witness: @escaping @Sendable (_ fault: String, _ reason: String) async -> Void
    ) async -> Result<FaultRecord, FiringRefusal> {
        guard let kind = FaultKind(rawValue: fault) else {
            return .failure(FiringRefusal(outcome: .refused, reason: "there is no fault \(fault)"))
        }
        do throws(ChaosError) {
            let record = try await self.injector.inject(kind, request).record
            self.aborts.begin(record.id, abort) { reason in await witness(record.id, reason) }
            return .success(record)
        } catch {
            return .failure(FiringRefusal(error))
        }
    }

    /// Takes faults back; one that is over stays as it is.
    func end(_ faults: [String]) async {
        for fault in faults { _ = try? await self.injector.end(fault) }  // its record says how far that went
    }
}

extension FiringRefusal: Error {}
