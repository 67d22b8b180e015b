import OpsHTTP
import OpsModel
import OpsSystem

extension Lab {
    /// What one program of the lab does now.
    public struct Status: Codable, Sendable {
        /// The program's name.
        public var program: String
        /// `target` or `lab`.
        public var half: String
        /// Supervisor's word in lower case, `paused`, or `absent` for a container that somebody removed.
        public var state: String
        /// Its process.
        public var pid: Int32?
        /// Seconds since its start.
        public var uptimeSeconds: Int?
        /// Where it listens.
        public var url: String?
        /// Whether `/ready` answers 200; nil for programs that are not asked.
        public var isReady: Bool?
        /// `starting`, `healthy` or `unhealthy`, as its container's own check says; nil where there is none.
        public var health: String?

        enum CodingKeys: String, CodingKey {
            case program
            case half
            case state
            case pid
            case uptimeSeconds = "uptime_s"
            case url
            case isReady = "ready"
            case health
        }
    }

    /// Every program of both halves; empty when the lab is down.
    public func status() async -> [Status] {
        var all: [Status] = []
        for half in InstanceLayout.Half.allCases {
            let programs = (try? await self.control(of: half).programs()) ?? []  // down
            for program in programs { all.append(await self.status(of: program, half)) }
        }
        if self.runtime == .compose, !all.isEmpty { self.addRemoved(to: &all) }
        return all
    }

    private func addRemoved(to all: inout [Status]) {
        guard let record else { return }
        for half in InstanceLayout.Half.allCases {
            for name in record.programs(of: half) where !all.contains(where: { $0.program == name }) {
                all.append(Status(program: name, half: half.rawValue, state: "absent"))
            }
        }
    }

    private func status(of program: ProgramState, _ half: InstanceLayout.Half) async -> Status {
        let url = self.record.flatMap { record in
            record.application?.url(of: program.name)
                ?? Self.listeners[program.name].map { record.ports.url($0) }
        }
        let now = Int(Timestamp.now().secondsSinceEpoch)
        var status = Status(
            program: program.name,
            half: half.rawValue,
            state: program.isPaused ? "paused" : program.phase.rawValue.lowercased(),
            pid: program.pid,
            uptimeSeconds: program.isUp ? program.started.map { now - $0 } : nil,
            url: url,
            health: program.isUp ? program.health?.status.rawValue : nil
        )
        guard program.isUp, let url else { return status }
        let request = HTTPClientRequest(url: "\(url)/ready", timeout: .seconds(1), retries: 0)
        status.isReady = (try? await self.http.send(request))?.isSuccess == true  // no answer: not ready
        return status
    }

    /// Programs that answer HTTP.
    package static let listeners: [String: PortPlan.Listener] = {
        let others: [PortPlan.Listener] = [.db, .agentops, .kill]
        let listeners = PortPlan.Listener.allCases.filter { !others.contains($0) }
        return Dictionary(uniqueKeysWithValues: listeners.map { ($0.program, $0) })
    }()
}
