import OpsModel
import OpsRuntime
import OpsSystem

/// Asks a process of the target to come under a strain, over a connection with which the strain ends.
final class StrainClient {
    private static let limit: Duration = .milliseconds(900)

    private let socket: String
    private var line: LineExchange?

    init(socket: String) { self.socket = socket }

    /// Whether the connection that was made still stands, as far as is known.
    var isConnected: Bool { self.line != nil }

    /// What the process is under; asks for nothing.
    func look() throws(ChaosError) -> StrainState { try self.ask([:]) }

    func set(_ change: StrainChange) throws(ChaosError) -> StrainState {
        let strain: JSONValue = [
            "token": .string(change.token), "kind": .string(change.kind.rawValue), "amount": .int(change.amount),
            "seconds": .double(StrainChange.timeToLiveS),
        ]
        return try self.ask(["set": strain])
    }

    /// Asks for a relief, which does not end with the connection.
    func relieve(_ token: String, percent: Int, seconds: Double) throws(ChaosError) -> StrainState {
        try self.ask([
            "set": [
                "token": .string(token), "kind": "relief", "amount": .int(percent), "seconds": .double(seconds),
            ]
        ])
    }

    func end(_ token: String) throws(ChaosError) -> StrainState { try self.ask(["end": .string(token)]) }

    /// Hangs up: what was asked for over this connection ends.
    func close() { self.line = nil }

    /// One that does not answer in time is asked again over the same connection; one that hung up is gone.
    private func ask(_ request: JSONValue) throws(ChaosError) -> StrainState {
        let answer: [UInt8]
        do {
            let line = try self.line ?? LineExchange(connectingTo: self.socket)
            self.line = line
            answer = try line.ask(try OpsJSON.encode(request), within: Self.limit)
        } catch {
            self.line = nil
            throw ChaosError(.targetUnavailable, "nobody answers at \(self.socket): \(error)")
        }
        guard let state = try? OpsJSON.decode(StrainState.self, from: answer) else {
            throw ChaosError(.notApplied, "the answer at \(self.socket) makes no sense")
        }
        if let error = state.error { throw ChaosError(.notApplied, "the process refused: \(error)") }
        return state
    }
}

/// What a process says of the strains that it is under.
struct StrainState: Codable, Hashable, Sendable {
    struct Entry: Codable, Hashable, Sendable {
        var token: String
        var kind: String
        var reached: Int
    }

    var held: [Entry]
    /// How much of each kind is in force, whoever asked for it.
    var reached: [String: Int]
    var error: String?
}

/// Where strains of one instance are asked for.
struct StrainPlace: Codable, Hashable, Sendable {
    /// How the target's programs are controlled.
    var supervisor: String
    var program: String
    var socket: String
}
