package import OpsModel

/// One question or order for a container engine, and what its answer means.
///
/// Paths carry no version: the engine takes its newest, and every part of the answers that is read here is older than all that
/// are in use. The source is Docker's Engine API reference, version 1.41.
package struct EngineOrder: Sendable {
    package let isQuestion: Bool
    package let path: String
    package var body: [UInt8] = []
    /// The statuses that mean that the order is carried out already.
    package var fulfilledBy: Set<Int> = []

    package static func state(of container: String) -> EngineOrder {
        EngineOrder(isQuestion: true, path: "/containers/\(container)/json")
    }

    /// One reading, without the second of waiting for another to compare it with.
    package static func usage(of container: String) -> EngineOrder {
        EngineOrder(isQuestion: true, path: "/containers/\(container)/stats?stream=false&one-shot=true")
    }

    /// The last lines of what it wrote to its output.
    static func output(of container: String, last count: Int) -> EngineOrder {
        EngineOrder(isQuestion: true, path: "/containers/\(container)/logs?stdout=1&stderr=1&tail=\(count)")
    }

    /// Number and command line of each process.
    package static func processes(of container: String) -> EngineOrder {
        EngineOrder(isQuestion: true, path: "/containers/\(container)/top?ps_args=-eo%20pid,args")
    }

    /// Everything that happened from a moment on, in nanoseconds since 1970-01-01T00:00:00Z, one event a line; without an end
    /// also what will happen.
    static func events(since start: Int, until end: Int? = nil) -> EngineOrder {
        let span = "since=\(Self.seconds(start))" + (end.map { "&until=\(Self.seconds($0))" } ?? "")
        return EngineOrder(isQuestion: true, path: "/events?\(span)")
    }

    private static func seconds(_ nanoseconds: Int) -> String {
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let digits = String(rest)
        return "\(seconds).\(String(repeating: "0", count: 9 - digits.count))\(digits)"
    }

    /// Does not wait until the program serves.
    package static func start(_ container: String) -> EngineOrder {
        EngineOrder(isQuestion: false, path: "/containers/\(container)/start", fulfilledBy: [304])
    }

    /// Waits for the program's end; after so many seconds it is killed.
    package static func stop(_ container: String, killAfter seconds: Int = 8) -> EngineOrder {
        EngineOrder(isQuestion: false, path: "/containers/\(container)/stop?t=\(seconds)", fulfilledBy: [304])
    }

    /// Takes the processor away from everything in it, which keeps all that it has.
    package static func pause(_ container: String) -> EngineOrder {
        EngineOrder(isQuestion: false, path: "/containers/\(container)/pause")
    }

    package static func resume(_ container: String) -> EngineOrder {
        EngineOrder(isQuestion: false, path: "/containers/\(container)/unpause")
    }

    /// Prepares a command within a container; the answer names it.
    package static func prepare(_ command: [String], in container: String) throws(RuntimeError) -> EngineOrder {
        let body: JSONValue = ["Cmd": .array(command.map { .string($0) })]
        let bytes = try translating { try OpsJSON.encode(body) }
        return EngineOrder(isQuestion: false, path: "/containers/\(container)/exec", body: bytes)
    }

    /// Carries a prepared command out without waiting for its end.
    package static func carryOut(_ command: String) throws(RuntimeError) -> EngineOrder {
        let bytes = try translating { try OpsJSON.encode(JSONValue.object(["Detach": true])) }
        return EngineOrder(isQuestion: false, path: "/exec/\(command)/start", body: bytes)
    }

    /// What the engine's answer says; nil where it says nothing.
    package func value(status: Int, body: String) throws(RuntimeError) -> JSONValue? {
        if (200..<300).contains(status) || fulfilledBy.contains(status) {
            return body.isEmpty ? nil : try? OpsJSON.decode(JSONValue.self, from: body.utf8)  // plain text says nothing
        }
        let answer = try? OpsJSON.decode(JSONValue.self, from: body.utf8)  // shown as it is below
        let message = answer?["message"]?.stringValue ?? String(body.prefix(200))
        let code: RuntimeError.Code = status == 404 ? .unknownProgram : .supervisorRefused
        let hint =
            status == 404 && path.hasPrefix("/containers/")
            ? "it was removed behind the lab's back; `opslab up` makes it again"
            : nil
        throw RuntimeError(code, "the engine answered \(status) to \(path): \(message)", hint: hint)
    }
}
