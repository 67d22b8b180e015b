import Glibc
import OpsModel
import OpsSystem

/// A unix socket at which strains are asked for, one JSON document per line; whoever may enter its directory may ask.
///
/// It has a thread of its own and needs no free worker or connection of the process: what was asked for can be prolonged and
/// ended however badly the process does.
final class StrainDoor: Sendable {
    private static let longestLine = 4_096
    private static let most = 16

    private let board: StrainBoard
    private let path: String
    private let kinds: Set<Strain.Kind>

    init(_ board: StrainBoard, at path: String, kinds: Set<Strain.Kind>) {
        self.board = board
        self.path = path
        self.kinds = kinds
    }

    /// Listens, and takes the path over from an earlier start of this process.
    func start() throws(SystemError) {
        let listener = try FileDescriptor(listeningAt: self.path, mode: 0o660)
        startThread(named: "strains") { self.serve(listener) }
    }

    private struct Caller {
        var number: Int
        var descriptor: FileDescriptor
        var buffer: [UInt8] = []
    }

    private func serve(_ listener: FileDescriptor) {
        var callers: [Int32: Caller] = [:]
        var number = 0
        while true {
            var entries = callers.keys.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            if callers.count < Self.most { entries.append(pollfd(fd: listener.raw, events: Int16(POLLIN), revents: 0)) }
            guard poll(&entries, nfds_t(entries.count), -1) > 0 else { continue }
            for entry in entries where entry.revents != 0 {
                if entry.fd == listener.raw {
                    number += 1
                    guard let caller = Self.accept(listener) else { continue }
                    callers[caller.raw] = Caller(number: number, descriptor: caller)
                } else if var caller = callers[entry.fd] {
                    callers[entry.fd] = self.read(&caller) ? caller : nil
                    if callers[entry.fd] == nil { self.board.end(owner: caller.number) }
                }
            }
        }
    }

    /// Without a free descriptor the caller stays in the queue; a moment later there may be one.
    private static func accept(_ listener: FileDescriptor) -> FileDescriptor? {
        let raw = Glibc.accept(listener.raw, nil, nil)
        guard raw >= 0 else {
            _ = poll(nil, 0, 20)
            return nil
        }
        _ = fcntl(raw, F_SETFD, FD_CLOEXEC)
        return FileDescriptor(owning: raw)
    }

    /// Answers all lines that have come; false when there will be no more.
    private func read(_ caller: inout Caller) -> Bool {
        var chunk = [UInt8](repeating: 0, count: Self.longestLine)
        let count = recv(caller.descriptor.raw, &chunk, chunk.count, Int32(MSG_DONTWAIT))
        guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
        caller.buffer += chunk[..<count]
        while let end = caller.buffer.firstIndex(of: UInt8(ascii: "\n")) {
            let answer = self.answer(Array(caller.buffer[..<end]), from: caller.number)
            caller.buffer.removeSubrange(...end)
            guard Self.send(answer, to: caller.descriptor) else { return false }
        }
        return caller.buffer.count < Self.longestLine
    }

    private func answer(_ line: [UInt8], from caller: Int) -> StrainAnswer {
        guard let request = try? OpsJSON.decode(StrainRequest.self, from: line) else {
            return StrainAnswer(error: "not understood")
        }
        var problem: String?
        if let token = request.end { self.board.end(token: token) }
        if let strain = request.set {
            problem =
                self.kinds.contains(strain.kind)
                ? self.board.set(strain, owner: caller) : "kind: this process does not have it"
        }
        var answer = self.board.answer()
        answer.error = problem
        return answer
    }

    /// A caller that does not read what it asked for is dropped.
    private static func send(_ answer: StrainAnswer, to descriptor: FileDescriptor) -> Bool {
        guard let text = try? OpsJSON.encode(answer) else { return false }  // always has a JSON text
        let bytes = text + [UInt8(ascii: "\n")]
        return Glibc.send(descriptor.raw, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT)) == bytes.count
    }
}
