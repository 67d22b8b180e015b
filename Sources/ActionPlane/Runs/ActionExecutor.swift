import OpsModel
import OpsRuntime
import OpsService
import OpsSystem
import OpsTrust

/// Takes a request from its grant to its result.
final class ActionExecutor: Sendable {
    let catalogue: Catalogue
    let verifier: GrantVerifier
    let journal: ActionJournal
    let shared: SharedResources
    let epochs: any EpochSource
    let recorder: any RunRecorder
    let logger: Logger
    let metrics: ActionMetrics?
    let now: @Sendable () -> Timestamp
    /// How long a run waits for a resource that a fault or another run holds.
    let lockPatience: Duration

    init(
        catalogue: Catalogue,
        verifier: GrantVerifier,
        journal: ActionJournal,
        shared: SharedResources,
        epochs: any EpochSource,
        recorder: any RunRecorder = NoRecorder(),
        logger: Logger,
        metrics: ActionMetrics? = nil,
        lockPatience: Duration = .seconds(5),
        now: @escaping @Sendable () -> Timestamp = { Timestamp.now() }
    ) {
        self.catalogue = catalogue
        self.verifier = verifier
        self.journal = journal
        self.shared = shared
        self.epochs = epochs
        self.recorder = recorder
        self.logger = logger
        self.metrics = metrics
        self.lockPatience = lockPatience
        self.now = now
    }

    /// Works out what an action would do now; changes nothing and needs no grant.
    func plan(_ name: String, _ parameters: [String: JSONValue]) async throws(ActionError) -> ActionResult {
        let action = try catalogue.action(name)
        let started = now()
        let prepared = try await action.prepare(action.schema.checked(parameters))
        let isRefused = !prepared.plan.refusals.isEmpty
        return ActionResult(
            run: "",
            action: name,
            parameters: parameters,
            state: isRefused ? .refused : .planned,
            message: isRefused ? prepared.plan.refusals.joined(separator: "; ") : "nothing was changed",
            plan: prepared.plan,
            detail: await epochs.current().map { ["epoch": .int($0)] } ?? .null,
            startedAt: started,
            endedAt: now()
        )
    }

    /// Carries out what a grant allows, once.
    ///
    /// The same request again gets the stored result.
    func run(
        _ name: String,
        _ request: ActionRequest,
        principal: String,
        key: String
    ) async throws(ActionError) -> ActionResult {
        let action = try catalogue.action(name)
        guard let text = request.grant else {
            throw ActionError(
                .grantRequired,
                "a real run needs a grant",
                hint: "send dry_run: true to plan without one"
            )
        }
        let identity = try Self.identity(name, request, principal: principal, key: key)
        if let run = try journal.ledger.answer(to: identity) { return try result(of: run) }
        try journal.ledger.checkClock(now())
        let grant = try checked(text, for: action.description, request.parameters)
        _ = try action.schema.checked(grant.payload.parameters)
        return try await start(action, grant, identity)
    }

    private func checked(
        _ grant: String,
        for action: ActionDescription,
        _ parameters: [String: JSONValue]
    ) throws(ActionError) -> AuthorisedGrant {
        let begin = ContinuousClock.now
        defer { metrics?.checkedGrant(in: ContinuousClock.now - begin) }
        return try verifier.verify(
            grant,
            for: action,
            parameters: parameters,
            at: now(),
            forgettingBefore: journal.forgetsBefore
        )
    }

    /// The stored result of a run, or where it stands.
    func result(of run: String) throws(ActionError) -> ActionResult {
        guard let record = journal.ledger.runs[run] else { throw ActionError(.unknownRun, "there is no such run") }
        if var result = record.result {
            result.isReplay = true
            return result
        }
        return ActionResult(
            run: run,
            action: record.consumption.action,
            parameters: record.consumption.parameters,
            state: .running,
            message: "the run has not ended",
            startedAt: record.consumption.at
        )
    }

    private func start(
        _ action: any RemediationAction,
        _ grant: AuthorisedGrant,
        _ identity: RequestIdentity
    ) async throws(ActionError) -> ActionResult {
        let consumption = Consumption(
            run: Identifier.random(prefix: "act"),
            grants: grant.ids,
            request: identity,
            action: action.name,
            parameters: grant.payload.parameters,
            decision: grant.decision,
            expiresAt: grant.expiresAt,
            at: now()
        )
        if case .replay(let run) = try journal.consume(consumption) { return try result(of: run) }
        await recorder.began(consumption)
        let run = ActionRun(executor: self, action: action, grant: grant, consumption: consumption)
        // Whoever asked may hang up; an action that has begun goes on to its end all the same.
        return await Task.detached { await run.carryOut() }.value
    }

    private static func identity(
        _ name: String,
        _ request: ActionRequest,
        principal: String,
        key: String
    ) throws(ActionError) -> RequestIdentity {
        guard !key.isEmpty, key.utf8.count <= 200 else {
            throw ActionError(
                .idempotencyKeyRequired,
                "a real run needs an Idempotency-Key header of 1 to 200 bytes",
                hint: "make a new random key for every new request"
            )
        }
        let body: JSONValue = [
            "action": .string(name), "grant": .string(request.grant ?? ""), "parameters": .object(request.parameters),
        ]
        do {
            let digest = Digest.sha256(try OpsJSON.encode(body)).hex
            return RequestIdentity(principal: principal, key: key, digest: digest)
        } catch {
            throw ActionError(.invalidParameters, "the parameters cannot be written as JSON")
        }
    }
}
