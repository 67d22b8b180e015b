import OpsHTTP
import OpsModel
import OpsRuntime
import OpsService
import OpsSystem
import OpsTestKit
import OpsTrust

@testable import ActionPlane

/// A complete ActionPlane over a directory of its own: real keys, real journal, real locks; only the epoch is a stand-in.
final class ActionBench: Sendable {
    static let instanceID = "0123456789abcdef0123456789abcdef"
    let directory: String
    let ann = SigningKey.generate()
    let bob = SigningKey.generate()
    let gate = SigningKey.generate()
    let epochs = StandInEpoch()
    let actions: [any RemediationAction]

    init(_ directory: String, _ actions: [any RemediationAction], ceiling: TrustFile.Authority = .human) throws {
        self.directory = directory
        self.actions = actions
        for name in ["claims", "locks", "journal"] { try FileSystem.makeDirectory("\(directory)/\(name)") }
        let ring = KeyRing([
            TrustedKey(name: "ann", role: .approver, publicKey: ann.publicKey),
            TrustedKey(name: "bob", role: .approver, publicKey: bob.publicKey),
            TrustedKey(name: "gate", role: .gate, publicKey: gate.publicKey),
        ])
        try write(TrustFile(ring: ring, ceiling: ceiling))
        // A first line, or everything would be from before this service's memory.
        _ = try ActionJournal(directory: "\(directory)/journal", now: .now() + -60)
    }

    func write(_ trust: TrustFile) throws {
        try FileSystem.writeAtomically(OpsJSON.encode(trust), to: "\(directory)/trust.json")
    }

    var shared: SharedResources {
        SharedResources(claims: "\(directory)/claims", locks: "\(directory)/locks")
    }

    /// A service over the journal as it stands; let the earlier one go first.
    func executor(now: @escaping @Sendable () -> Timestamp = { .now() }) throws -> ActionExecutor {
        ActionExecutor(
            catalogue: Catalogue(actions),
            verifier: GrantVerifier(
                trustPath: "\(directory)/trust.json",
                instanceID: Self.instanceID,
                organisation: "lab"
            ),
            journal: try ActionJournal(directory: "\(directory)/journal"),
            shared: shared,
            epochs: epochs,
            logger: .silent,
            lockPatience: .milliseconds(200),
            now: now
        )
    }

    /// The payload of a good grant for an action as the target is now.
    func payload(
        _ executor: ActionExecutor,
        _ action: String,
        _ parameters: [String: JSONValue] = [:]
    ) async throws -> GrantPayload {
        let plan = try await executor.plan(action, parameters)
        var payload = Self.payload(action, parameters, fingerprint: plan.plan?.fingerprint ?? "")
        payload.target = plan.plan?.resources.first ?? ""
        return payload
    }

    static func payload(_ action: String, _ parameters: [String: JSONValue], fingerprint: String) -> GrantPayload {
        let now = Int(Timestamp.now().microseconds / 1_000)
        return GrantPayload(
            grantID: (0..<32).map { _ in String("0123456789abcdef".randomElement() ?? "0") }.joined(),
            kind: .human,
            organisation: "lab",
            instanceID: instanceID,
            incident: "inc-1",
            run: "run-1",
            step: "1",
            agent: "agent",
            requester: "agent",
            action: action,
            actionVersion: 1,
            parameters: parameters,
            target: "",
            stateFingerprint: fingerprint,
            evidenceDigest: "",
            optionDigest: "",
            policyID: "default",
            policyVersion: 1,
            epoch: 0,
            decidedBy: ["ann"],
            issuedAt: now,
            notBefore: now,
            expiresAt: now + 30_000
        )
    }

    /// Plans, signs and runs in one go.
    func run(
        _ executor: ActionExecutor,
        _ action: String,
        _ parameters: [String: JSONValue] = [:],
        key: String = Identifier.random()
    ) async throws -> ActionResult {
        let grant = try Grant(try await payload(executor, action, parameters), signedBy: ann)
        return try await executor.run(action, ActionRequest(grant: grant.text), principal: "gate", key: key)
    }
}

/// An epoch that a test can raise, and that counts who holds it.
actor StandInEpoch: EpochSource {
    private(set) var epoch = 0
    private(set) var commits = 0
    var isReadable = true

    func raise() { epoch += 1 }
    func set(_ value: Int) { epoch = value }
    func setReadable(_ value: Bool) { isReadable = value }
    fileprivate func committed() { commits += 1 }

    func current() async -> Int? { isReadable ? epoch : nil }

    func hold(_ origin: GrantOrigin) async throws(ActionError) -> any EpochHold {
        guard isReadable else { throw ActionError(.epochUnreadable, "the epoch cannot be read") }
        guard epoch == origin.epoch else { throw ActionError(.epochStale, "the epoch is \(epoch)") }
        return Hold(source: self, epoch: epoch)
    }

    private struct Hold: EpochHold {
        let source: StandInEpoch
        let epoch: Int
        func commit(_ intent: Intent, of run: ActionLedger.Run) async throws(ActionError) { await source.committed() }
        func abandon() async {}
    }
}
