import OpsModel
import OpsTrust

/// Makes the plan that a request means: drawn from its seed, or copied from one that was.
struct MonkeyPlanning: Sendable {
    let resolver: TargetResolver
    let store: MonkeyStore

    func plan(for request: MonkeyRequest, now: Timestamp) throws(ChaosError) -> MonkeyPlan {
        let candidates = MonkeyCandidate.all(self.resolver)
        let basis = try Self.basis(of: candidates)
        if let replay = request.replay { return try self.copy(replay, request, basis, now) }
        guard var order = request.order else { throw ChaosError(.badOrder, "order or replay is missing") }
        if let until = request.until {
            guard order.forS == 0 else { throw ChaosError(.badOrder, "for_s and until are two ends; give one") }
            order.forS = ((until - now) * 10).rounded() / 10
        }
        if let zone = order.hours?.timeZone { _ = try ZoneCatalog().rules(of: zone) }
        let allowed = try MonkeyRules(limits: self.resolver.limits, candidates: candidates).allowed(by: order)
        let seed = request.seed ?? UInt64(UInt32.random(in: .min ... .max))
        return MonkeyPlan(
            id: Identifier.random(),
            seed: seed,
            order: order,
            drawnAt: now,
            basis: basis,
            entries: MonkeyDraw(order: order, candidates: allowed).entries(seed: seed)
        )
    }

    private func copy(
        _ id: String,
        _ request: MonkeyRequest,
        _ basis: String,
        _ now: Timestamp
    ) throws(ChaosError) -> MonkeyPlan {
        guard request.seed == nil, request.order == nil, request.until == nil else {
            throw ChaosError(.badOrder, "a replay takes everything from its plan")
        }
        guard let plan = self.store.plan(id) else {
            throw ChaosError(.unknownPlan, "there is no plan \(id.prefix(64))", hint: "GET /monkey lists them")
        }
        guard plan.basis == basis else {
            throw ChaosError(
                .badOrder,
                "plan \(id) was drawn for another catalogue or topology",
                hint: "its entries could mean something else here; draw a new one"
            )
        }
        return MonkeyPlan(
            id: Identifier.random(),
            seed: plan.seed,
            order: plan.order,
            drawnAt: now,
            basis: basis,
            replayOf: plan.replayOf ?? plan.id,
            entries: plan.entries
        )
    }

    private static func basis(of candidates: [MonkeyCandidate]) throws(ChaosError) -> String {
        do { return Digest.sha256(try OpsJSON.encode(candidates)).hex } catch {
            throw ChaosError(.journalFailed, "the catalogue has no JSON text: \(error)")
        }
    }
}
