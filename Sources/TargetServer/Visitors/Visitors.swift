import OpsHTTP
import OpsModel
import OpsService
import OpsSystem
import Synchronization

/// Open-loop customers of any system: they ask for what the topology's journeys ask for, at its doors in turn.
final class Visitors: Service {
    private let journeys: [PlannedJourney]
    private let doors: [String]
    private let http: HTTPClient
    private let audience: Audience
    private let seed: UInt64
    private let order: Mutex<TimedValue<Double>>

    init(
        _ journeys: [PlannedJourney],
        doors: [String],
        http: HTTPClient,
        audience: Audience,
        rate: Double,
        seed: UInt64
    ) {
        self.journeys = journeys
        self.doors = doors
        self.http = http
        self.audience = audience
        self.seed = seed
        self.order = Mutex(TimedValue(rate))
    }

    /// Visits per second.
    var rate: Double { self.order.withLock { $0.now() } }

    /// Changes the rate, for a while or for good.
    func set(rate: Double, for duration: Duration?) { self.order.withLock { $0.set(rate, for: duration) } }

    func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            var traffic = VisitorTraffic(weights: self.journeys.map(\.weight), seed: self.seed)
            var due = ContinuousClock.now
            while !Task.isCancelled {
                due += .seconds(traffic.gap(rate: self.rate))
                if due < .now - .milliseconds(250) { due = .now }
                try await Task.sleep(until: due, tolerance: .zero)
                let visit = traffic.next()
                group.addTask { await self.carryOut(visit) }
            }
        }
    }

    /// One visit, and what its customer says about it.
    func carryOut(_ visit: VisitorTraffic.Visit) async {
        let planned = self.journeys[visit.journey]
        let start = ContinuousClock.now
        let verdict = self.audience.begin(planned.journey, by: visit.customer, at: start)
        var request = HTTPClientRequest(
            method: HTTPMethod(rawValue: planned.method) ?? .get,
            url: self.doors[visit.number % self.doors.count] + planned.target(visit.number),
            timeout: planned.journey.patience,
            retries: 0
        )
        if let body = planned.body(visit.number), let bytes = try? OpsJSON.encode(body) {  // it was JSON before
            request.headers["Content-Type"] = "application/json"
            request.body = bytes
        }
        let answer: Result<HTTPClientResponse, HTTPClientError>
        do { answer = .success(try await self.http.send(request)) } catch { answer = .failure(error) }
        let milliseconds = start.duration(to: .now).inSeconds * 1_000
        self.audience.end(verdict, Self.observation(of: answer, planned, visit, milliseconds))
    }

    private static func observation(
        of answer: Result<HTTPClientResponse, HTTPClientError>,
        _ planned: PlannedJourney,
        _ visit: VisitorTraffic.Visit,
        _ milliseconds: Double
    ) -> Observation {
        var seen = Observation(isGood: false, code: "", customer: visit.customer, milliseconds: milliseconds)
        switch answer {
        case .failure(let error): seen.code = FailureCode.word(for: error)
        case .success(let response):
            seen.code = String(response.status)
            seen.instance = response.headers["X-Instance"] ?? ""
            seen.isGood = planned.status.contains(response.status)
            if seen.isGood, !planned.isRight(response.body) { (seen.isGood, seen.code) = (false, "body") }
        }
        if seen.isGood, milliseconds > Double(planned.journey.limit.milliseconds) {
            (seen.isGood, seen.code) = (false, "slow")
        }
        return seen
    }
}
