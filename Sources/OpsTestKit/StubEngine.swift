import Glibc
public import OpsModel
public import OpsSystem
import Synchronization

/// A container engine of a test: it listens at a unix socket and answers what it is told, in the words of a real one.
///
/// What nobody told it is answered with 404, as an engine answers about containers that are not there.
public final class StubEngine: Sendable {
    /// What is said to one question.
    public struct Answer: Sendable {
        var status: Int
        var body: String

        /// An answer in JSON.
        public static func json(_ value: JSONValue, status: Int = 200) -> Answer {
            Answer(status: status, body: (try? OpsJSON.string(value)) ?? "")  // every value can be written
        }

        /// An answer that is no JSON.
        public static func text(_ text: String, status: Int = 200) -> Answer { Answer(status: status, body: text) }
    }

    /// Where it listens.
    public let socket: String
    /// What happens in it.
    public let events = StubEvents()
    private let listener: Int32
    private let isStopped = Atomic(false)
    private let answers: Mutex<[String: Answer]>
    private let seen = Mutex<[String]>([])

    /// Listens until the object is let go of; `answers` are by path, without what follows a question mark.
    public init(at socket: String, mode: UInt32 = 0o600, _ answers: [String: Answer] = [:]) throws(SystemError) {
        self.socket = socket
        self.answers = Mutex(answers)
        listener = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let descriptor = listener
        guard UnixAddress.with(socket, { bind(descriptor, $0, $1) }) == 0, listen(descriptor, 64) == 0 else {
            throw SystemError(errno: errno, doing: "listen at \(socket)")
        }
        chmod(socket, mode)
        startThread(named: "engine") { [weak self] in
            while true {
                let client = accept(descriptor, nil, nil)
                guard client >= 0 else { break }
                guard let self else {
                    Glibc.close(client)
                    break
                }
                startThread(named: "engine") { self.serve(client) }
            }
            Glibc.close(descriptor)
        }
    }

    deinit { stop() }

    /// Refuses everybody from now on, as an engine that ended: its socket stays where it is.
    public func stop() {
        // Once it is closed, its number may be somebody else's.
        if !isStopped.exchange(true, ordering: .relaxed) { shutdown(listener, Int32(SHUT_RDWR)) }
    }

    /// Answers this path differently from now on; nil takes away what is there.
    public func set(_ path: String, _ answer: Answer?) { answers.withLock { $0[path] = answer } }

    /// What was asked, such as `GET /version`.
    public var requests: [String] { seen.withLock { $0 } }

    private func serve(_ client: Int32) {
        defer { Glibc.close(client) }
        guard let line = Self.head(client)?.split(separator: "\r\n").first else { return }
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 3 else { return }
        seen.withLock { $0.append("\(words[0]) \(words[1])") }
        if words[1].hasPrefix("/events?") { return events.answer(words[1], to: client) }
        let path = String(words[1].prefix { $0 != "?" })
        let missing = Answer.json(["message": .string("No such container: \(path)")], status: 404)
        let answer = answers.withLock { $0[path] } ?? missing
        let body = Array(answer.body.utf8)
        let head = "HTTP/1.1 \(answer.status) X\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n"
        let bytes = Array(head.utf8) + body
        _ = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))  // whoever hung up needs no answer
    }

    private static func head(_ client: Int32) -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard bytes.count < 65_536, recv(client, &byte, 1, 0) == 1 else { return nil }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension StubEngine {
    /// An engine that is new enough and has the three images.
    public static func usable(api: String = "1.41") -> [String: Answer] {
        var answers: [String: Answer] = [
            "/_ping": .text("OK"), "/version": .json(["Version": "20.10.24", "ApiVersion": .string(api)]),
            "/info": .json([
                "Driver": "overlay2", "CgroupVersion": "1", "DockerRootDir": "/", "MemTotal": 8_589_934_592,
            ]),
            "/containers/json": .json([]), "/networks": .json([]), "/volumes": .json(["Volumes": .null]),
        ]
        for name in ["services", "postgres", "haproxy"] {
            answers["/images/opslab/\(name):dev/json"] = .json([
                "Size": 143_000_000, "Created": "2036-11-22T03:30:01.123456789Z",
            ])
        }
        return answers
    }

    /// What the engine says about one container.
    public static func container(_ status: String = "running", health: String? = nil, pid: Int = 4_117) -> Answer {
        var state: [String: JSONValue] = [
            "Status": .string(status), "Pid": .int(status == "running" ? pid : 0), "Paused": false, "ExitCode": 0,
            "StartedAt": "2026-11-22T03:30:01.123456789Z", "FinishedAt": "0001-01-01T00:00:00Z",
        ]
        if let health {
            state["Health"] = [
                "Status": .string(health), "FailingStreak": 3,
                "Log": [["ExitCode": 7, "Output": "curl: (7) Failed to connect\nmore"]],
            ]
        }
        return .json(["State": .object(state)])
    }
}
