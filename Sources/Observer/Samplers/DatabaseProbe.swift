internal import OpsModel
internal import OpsPostgres

/// Asks the database from Observer's side whether it lets us in and answers.
///
/// Every fourth look logs in anew: an open connection would not notice a full server or a changed password.
actor DatabaseProbe {
    private let configuration: PostgresConfiguration
    private let path: ProbePath
    private let sql: String
    private let store: WorldStore
    private var connection: PostgresConnection?

    init(configuration: PostgresConfiguration, target: String, sql: String, timeout: Duration, store: WorldStore) {
        var patient = configuration
        patient.connectTimeout = timeout
        self.configuration = patient
        self.sql = sql
        self.store = store
        path = ProbePath(target: target, part: nil, from: "observer")
    }

    func sample(_ tick: Tick) async {
        if tick.number % 4 == 0 { leave() }
        let started = ContinuousClock.now
        let outcome: ProbeOutcome
        do {
            let open = try await enter()
            _ = try await open.query(sql, within: configuration.connectTimeout)
            outcome = ProbeOutcome(result: ProbeWord.ok.rawValue, latencyMs: HTTPProbes.milliseconds(since: started))
        } catch {
            leave()
            let word = ProbeWord(error).rawValue
            outcome = ProbeOutcome(
                result: word,
                latencyMs: HTTPProbes.milliseconds(since: started),
                code: LoginRefusal(error)?.code
            )
        }
        let sample = Sampled(value: outcome, at: Timestamp.now(), isStarved: tick.isStarved)
        store.update { $0.note(sample, at: path) }
    }

    private func enter() async throws(PostgresError) -> PostgresConnection {
        if let connection, !connection.isClosed { return connection }
        let fresh = try await PostgresConnection.connect(configuration)
        connection = fresh
        return fresh
    }

    private func leave() {
        connection?.close()
        connection = nil
    }
}
