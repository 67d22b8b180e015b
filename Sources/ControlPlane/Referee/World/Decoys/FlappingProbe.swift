import OpsHTTP
import OpsModel
import OpsSpec

/// The program that customers reach first is late with its readiness answer now and then, and with nothing else.
struct FlappingProbe: RecurringDecoy {
    let pause: Duration = .seconds(3)
    private let edge: ServiceClient

    init(_ lab: RefereeLab) throws {
        let edges = lab.topology.components(of: .http).filter { lab.topology.callers(of: $0.name).isEmpty }
        guard let edge = try edges.lazy.compactMap({ try lab.target($0.name) }).first else {
            throw RefereeError.noPlace("there is no door for customers that can be asked to be late")
        }
        self.edge = edge
    }

    /// Longer than anybody waits for a probe; the program itself ends it.
    func act() async throws {
        let _: JSONValue = try await edge.post("/ready/hold", ["for_s": 1.5] as JSONValue)
    }
}
