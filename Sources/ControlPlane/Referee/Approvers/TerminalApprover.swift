import Glibc
import OpsCommand
import OpsModel

/// Asks the person at the terminal; the question stays until it is answered or has expired.
struct TerminalApprover: Sendable {
    var person: String

    func ask(_ detail: ApprovalDetail) async -> ApproverScript.Decision {
        let numbers = detail.options.filter { $0.refusal == nil }.map { "[\($0.number)]" }.joined(separator: " ")
        let left = max(0, Int(detail.approval.expiresAt - .now()))
        Terminal.out("        Approve as \(person)?  \(numbers)  [w] why  [d] deny      expires in \(left) s")
        while detail.approval.expiresAt > .now() {
            guard let line = await nextLine(until: detail.approval.expiresAt) else { return .wait }
            switch line {
            case "d": return .deny(reason: "denied at the terminal")
            case "w": explain(detail)
            default:
                if let number = Int(line), detail.options.contains(where: { $0.number == number }) {
                    return .approve(option: number)
                }
                Terminal.out("        one of \(numbers), w or d")
            }
        }
        return .wait
    }

    private func explain(_ detail: ApprovalDetail) {
        for answer in detail.evidence.prefix(12) {
            Terminal.out("          " + Terminal.clean(RunNarrator.words(answer)))
        }
    }

    /// One line of standard input; nil at its end and when the time is up.
    private func nextLine(until end: Timestamp) async -> String? {
        var bytes: [UInt8] = []
        while end > .now(), !Task.isCancelled {
            var descriptor = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
            guard poll(&descriptor, 1, 0) == 1 else {
                try? await Task.sleep(for: .milliseconds(50))  // a cancellation ends the loop
                continue
            }
            var byte: UInt8 = 0
            guard read(0, &byte, 1) == 1 else { return nil }
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return nil
    }
}
