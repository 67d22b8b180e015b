internal import OpsHTTP
internal import OpsModel
internal import OpsSystem

/// Asks every declared HTTP place from Observer's side whether it answers.
struct HTTPProbes: Sendable {
    /// One place to ask.
    private struct Place: Sendable {
        var path: ProbePath
        var url: String
        var timeout: Duration
        /// The process of ours that answers; nil for third parties.
        var instance: String?
    }

    let http: HTTPClient
    let store: WorldStore
    private let places: [Place]

    init(map: TargetMap, http: HTTPClient, store: WorldStore) {
        self.http = http
        self.store = store
        let own = map.components.flatMap { component in
            component.instances.compactMap { instance -> Place? in
                guard let url = instance.url, let path = Self.readiness(component.kind) else { return nil }
                let target = ProbePath(target: component.name, part: instance.name, from: "observer")
                return Place(path: target, url: url + path, timeout: .seconds(1), instance: instance.name)
            }
        }
        let foreign = map.components.flatMap { component in
            component.providers.map { provider in
                let probe = map.probes.first { $0.target == component.name }
                let target = ProbePath(target: component.name, part: provider.name, from: "observer")
                let timeout = Duration.seconds(probe?.timeout ?? 1)
                return Place(path: target, url: provider.url + (probe?.path ?? provider.probe), timeout: timeout)
            }
        }
        places = own + foreign
    }

    private static func readiness(_ kind: String) -> String? {
        switch kind {
        case "http": "/ready"
        case "worker", "batch": "/healthz"
        default: nil
        }
    }

    func sample(_ tick: Tick) async {
        await withTaskGroup(of: Void.self) { group in
            for place in places { group.addTask { await ask(place, tick) } }
        }
    }

    private func ask(_ place: Place, _ tick: Tick) async {
        let started = ContinuousClock.now
        let asked = Timestamp.now()
        let outcome: ProbeOutcome
        do {
            let request = HTTPClientRequest(url: place.url, timeout: place.timeout, retries: 0)
            let response = try await http.send(request)
            let milliseconds = Self.milliseconds(since: started)
            noteClock(of: place, response, asked, tick)
            let code = response.isSuccess ? nil : String(response.status)
            outcome = ProbeOutcome(
                result: ProbeWord(status: response.status).rawValue,
                latencyMs: milliseconds,
                code: code
            )
        } catch {
            outcome = ProbeOutcome(result: ProbeWord(error).rawValue, latencyMs: Self.milliseconds(since: started))
        }
        store.update { $0.note(Sampled(value: outcome, at: .now(), isStarved: tick.isStarved), at: place.path) }
    }

    /// Every answer says what time it is where it was made, a refusal as well.
    private func noteClock(of place: Place, _ response: HTTPClientResponse, _ asked: Timestamp, _ tick: Tick) {
        guard let instance = place.instance, let said = response.headers["Date"].flatMap({ HTTPDate.parse($0) }) else {
            return
        }
        let now = Timestamp.now()
        let offset = ClockOffset.seconds(said: said, asked: asked, answered: now)
        store.update { $0.clocks[instance] = Sampled(value: offset, at: now, isStarved: tick.isStarved) }
    }

    static func milliseconds(since start: ContinuousClock.Instant) -> Double {
        start.duration(to: .now).inSeconds * 1_000
    }
}
