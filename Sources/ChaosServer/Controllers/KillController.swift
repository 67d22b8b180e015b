import OpsHTTP
import OpsModel
import OpsSystem

/// `/kill` and `/resume` beside the other routes; the listener of its own and the guard's socket do the same with less.
struct KillController: Sendable {
    let injector: FaultInjector
    let unattended: UnattendedFaults

    private struct KillBody: Decodable {
        var reason: String?
    }

    private struct ResumeBody: Decodable {
        var killID: String
        var reason: String
        var force: Bool?

        enum CodingKeys: String, CodingKey {
            case killID = "kill_id"
            case reason, force
        }
    }

    func install(in router: inout Router) {
        router.post("/kill", summary: "Stops every fault and begins no other.", access: FaultController.scope) {
            [injector] request in
            let body = request.body.isEmpty ? nil : try request.json(KillBody.self)
            let wait = try request[query: "wait"].map { try KillWait($0) } ?? .standard
            let actor = request.principal?.name ?? "operator"
            let report = try await Self.press(injector.state, body?.reason ?? "no reason given", actor, wait)
            return .json(report, message: "latched")
        }
        router.get(
            "/kill",
            summary: "Whether the kill switch is on, and what is still open.",
            access: FaultController.scope
        ) {
            [injector] _ in .json(KillSwitch(state: injector.state).report())
        }
        router.post("/resume", summary: "Lets faults begin again after a kill.", access: FaultController.scope) {
            [injector, unattended] request in
            let body = try request.json(ResumeBody.self)
            await unattended.obeyLatch()
            let report = try injector.resume(
                killID: body.killID,
                reason: body.reason,
                actor: request.principal?.name ?? "operator",
                force: body.force ?? false
            )
            return .json(report, message: "resumed")
        }
    }

    private static func press(
        _ state: String,
        _ reason: String,
        _ actor: String,
        _ wait: KillWait
    ) async throws -> KillReport {
        let result: Result<KillReport, ChaosError> = await withCheckedContinuation { continuation in
            startThread(named: "chaos-kill") {
                continuation.resume(
                    returning: Result { () throws(ChaosError) in
                        try KillSwitch(state: state).press(reason: reason, actor: actor, wait: wait.duration)
                    }
                )
            }
        }
        return try result.get()
    }
}
