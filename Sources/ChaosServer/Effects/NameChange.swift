import OpsModel
import OpsRuntime
import OpsSystem

/// Another address for one name of a file in which names are looked up, deployed as an operator would, with a version in its
/// history.
///
/// Only the line of that name counts: what else changes in the file meanwhile is somebody's work, and an undo leaves it.
struct NameChange: Codable, Hashable, Sendable, Reversible {
    /// Exchanges that may come to nothing before an undo is left to the next one.
    private static let tries = 4

    var path: String
    var history: ConfigurationHistory
    /// A private name beside it, used while a content is put in place.
    var staged: String
    var name: String
    var old: String
    var new: String
    /// The number under which the history gets what was there.
    var version: Int
    /// The file as the plan saw it, and as the fault leaves it.
    var content: Fingerprint
    var changed: Fingerprint

    var before: Fingerprint { .of(self.old) }
    var ours: Fingerprint { .of(self.new) }
    var mark: FaultMark { FaultMark(.file, self.path, fingerprint: self.changed.rawValue) }
    var undoing: String { "the line of the name is put back, if its address is still the fault's" }
    private var exchange: FileExchange { FileExchange(path: self.path, staged: self.staged) }

    init(
        _ file: EnvironmentFile,
        path: String,
        history: ConfigurationHistory,
        name: String,
        to address: String,
        after: Int
    ) {
        self.path = path
        self.history = history
        self.staged = "\(path).\(Identifier.random(length: 6))"
        self.name = name
        self.old = file[name] ?? ""
        self.new = address
        self.version = after + 1
        self.content = .of(file.bytes)
        self.changed = .of(file.setting(name, to: address).bytes)
    }

    /// The whole file is exchanged, and exchanged back when what came out is not what was looked at.
    func compareAndRevert(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(ChaosError) -> EffectOutcome {
        do throws(SystemError) {
            try self.exchange.settle([self.content, self.changed])
            for _ in 1...Self.tries {
                guard FileSystem.exists(self.path) else { return self.settled(decide(.absent)) }
                let file = try EnvironmentFile(path: self.path)
                let decision = decide(file[self.name].map { .of($0) } ?? .absent)
                guard decision == .restore else { return self.settled(decision) }
                let restored = file.setting(self.name, to: self.old).bytes
                if try self.exchange.put(restored, for: [.of(file.bytes)]) == nil { return try self.reverted(restored) }
            }
            return .pending(waitsFor: self.path)
        } catch {
            throw ChaosError(.targetUnavailable, error.message)
        }
    }

    /// Puts the address in place in exactly what the plan saw.
    func apply() throws(ChaosError) {
        do throws(SystemError) {
            let file = try EnvironmentFile(path: self.path)
            let bytes = file.setting(self.name, to: self.new).bytes
            guard Fingerprint.of(file.bytes) == self.content,
                try self.exchange.put(bytes, for: [self.content]) == nil
            else { throw SystemError(.failed, "\(self.path) was changed in the same moment") }
            let kept = try self.history.keep(file.bytes, sha256: self.content.rawValue, author: "deploy")
            guard kept == self.version else {
                throw SystemError(.failed, "\(self.path) was deployed by somebody else in the same moment")
            }
        } catch {
            throw ChaosError(.notApplied, error.message, hint: "ask again")
        }
    }

    /// Where the file is as it was, nothing was deployed, then: but whatever came after it stays in its place.
    private func reverted(_ bytes: [UInt8]) throws(SystemError) -> EffectOutcome {
        if Fingerprint.of(bytes) == self.content, try self.history.versions().first == self.version {
            try self.history.forget(self.version)
        }
        return .reverted
    }

    private func settled(_ decision: CompareAndRevert.Decision) -> EffectOutcome {
        switch decision {
        case .retry, .restore: .pending(waitsFor: self.path)
        case .leaveClean: .alreadyClean
        case .leaveSuperseded(let seen): .superseded(seen: seen)
        }
    }
}
