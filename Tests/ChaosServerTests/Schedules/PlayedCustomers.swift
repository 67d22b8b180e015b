import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsService
import OpsSystem
import OpsTestKit
import Synchronization

@testable import ChaosServer

/// A load that the test plays: all journeys of the shop, good or bad or silent as it is told.
final class PlayedCustomers: Sendable {
    enum Mood: Sendable {
        case content, angry, silent
    }

    private let changes: Mutex<[(since: Timestamp, mood: Mood)]>

    private init() { self.changes = Mutex([(.now() + -30, .content)]) }

    func become(_ mood: Mood) { self.changes.withLock { $0.append((.now(), mood)) } }

    /// As if they had always been so.
    func haveBeen(_ mood: Mood) { self.changes.withLock { $0 = [(.now() + -30, mood)] } }

    private func buckets(after: Int) -> [JourneyBucket] {
        let changes = self.changes.withLock { $0 }
        let now = Int(Timestamp.now().secondsSinceEpoch * 2)
        return ((now - 40)..<now).filter { $0 > after }.flatMap { half -> [JourneyBucket] in
            let from = Timestamp(secondsSinceEpoch: Double(half) / 2)
            let mood = changes.last { $0.since <= from }?.mood ?? .silent
            guard mood != .silent else { return [] }
            return ["browse", "checkout", "fulfil"].map {
                JourneyBucket(
                    seq: half,
                    journey: $0,
                    from: from,
                    good: mood == .content ? 20 : 5,
                    bad: mood == .content ? 0 : 15
                )
            }
        }
    }

    /// Lends a real injector whose customers are played.
    static func with(_ body: (ChaosLab, PlayedCustomers) async throws -> Void) async throws {
        let customers = PlayedCustomers()
        var router = Router()
        router.get("/journeys", summary: "Half seconds.", access: .open) { request in
            .json(customers.buckets(after: try request.integer(query: "after", default: 0, in: 0...Int.max)))
        }
        let load = HTTPServer(
            configuration: HTTPServerConfiguration(listen: .tcp(host: "127.0.0.1", port: 0), name: "load"),
            router: router,
            authenticator: NoAuthenticator(),
            standardRoutes: StandardRoutes(),
            logger: .silent,
            metrics: MetricsRegistry()
        )
        try await load.start()
        do {
            try await ChaosLab.with(load: "http://127.0.0.1:\(load.port)") { try await body($0, customers) }
        } catch {
            await load.drain(within: .seconds(1))
            throw error
        }
        await load.drain(within: .seconds(1))
    }
}

extension ChaosLab {
    /// Ends the server as nobody can prevent, and waits until it is gone.
    func killServer() async throws {
        try await self.serverProcess.handle.signal(SIGKILL)
        try await self.awaitServerEnd()
    }

    /// Puts a schedule on disk whose one due time is the present minute's beginning; the server is down meanwhile.
    func leave(_ schedule: FaultSchedule, undecidedFor seconds: Double = 300) throws {
        let store = ScheduleStore(state: self.state)
        try store.prepare()
        try store.write(ScheduleRecord(schedule, createdBy: "tester", at: .now() + -seconds))
    }

    func schedule(_ name: String) async throws -> ScheduleStatus? {
        try await self.client.schedules().first { $0.schedule.name == name }
    }

    /// The faults of a kind that there are and were.
    func count(of fault: String) throws -> Int {
        try FaultStore(state: self.state).files().filter { $0.plan?.kind.rawValue == fault }.count
    }
}

extension FaultSchedule {
    /// Due once a year: in the minute that has just begun.
    static func now(
        _ name: String,
        fault: String = "db-lock",
        target: String = "db",
        leaseS: Double = 30
    ) -> FaultSchedule {
        let time = LocalTime(.now(), in: .utc)
        return FaultSchedule(
            name: name,
            cron: "\(time.minute % 60) \(time.minute / 60) \(time.day.day) \(time.day.month) *",
            fault: fault,
            request: FaultRequest(target: target, leaseS: leaseS),
            lateToleranceS: 240
        )
    }
}
