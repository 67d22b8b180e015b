import Glibc
import OpsCommand
import OpsModel
import OpsScenario

/// Asks the person at the terminal; the question stays until it is answered or has expired.
struct TerminalApprover: Sendable {
    var person: String
    var rehearsal: OptionRehearsal
    /// Where the answers are typed.
    var input: Int32 = 0
    /// Shows one line to the person.
    var say: @Sendable (String) -> Void

    func ask(_ detail: ApprovalDetail) async -> ApproverScript.Decision {
        tcflush(input, TCIFLUSH)  // what was typed before the question was not an answer to it
        let possible = detail.options.filter { $0.refusal == nil }.map(\.number)
        while detail.approval.expiresAt > .now() {
            question(possible, until: detail.approval.expiresAt)
            guard let line = await nextLine(until: detail.approval.expiresAt) else { return .wait }
            switch line {
            case "d": return .deny(reason: "denied at the terminal")
            case "w": explain(detail)
            case "v": await rehearse(detail.options)
            default:
                if let number = Int(line), possible.contains(number) { return .approve(option: number) }
            }
        }
        return .wait
    }

    private func question(_ possible: [Int], until end: Timestamp) {
        let numbers = possible.map { "[\($0)] " }.joined()
        let left = max(0, Int(end - .now()))
        say("        Approve as \(person)?  \(numbers) [v] dry run  [w] why  [d] deny      expires in \(left) s")
    }

    private func explain(_ detail: ApprovalDetail) {
        for answer in detail.evidence.prefix(12) { say("          " + Terminal.clean(RunNarrator.words(answer))) }
    }

    private func rehearse(_ options: [ApprovalOption]) async {
        for option in options {
            for line in await rehearsal.lines(option) { say("         \(line)") }
        }
    }

    /// One line of input; nil at its end and when the time is up.
    private func nextLine(until end: Timestamp) async -> String? {
        var bytes: [UInt8] = []
        while end > .now(), !Task.isCancelled {
            var descriptor = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
            guard poll(&descriptor, 1, 0) == 1 else {
                try? await Task.sleep(for: .milliseconds(50))  // a cancellation ends the loop
                continue
            }
            var byte: UInt8 = 0
            guard read(input, &byte, 1) == 1 else { return nil }
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return nil
    }
}
