import OpsSystem
import OpsTestKit
import Testing

@testable import AgentOps

/// A segment of the recorder's spool, written by the real one.
@Suite("What a crash leaves of a spool")
struct SpoolLogTests {
    private let directory: TemporaryDirectory
    private let path: String
    private let records: [[UInt8]]

    init() throws {
        self.directory = try TemporaryDirectory()
        do {
            let spool = try Spool(directory: self.directory.path, limit: 1 << 20)
            for number in 1...4 { _ = spool.append(Array(#""stream":"tool","payload":{"n":\#(number)}}"#.utf8)) }
            #expect(spool.sync())
        }
        let name = try #require(try FileSystem.list(self.directory.path).first { $0.hasSuffix(".spool") })
        self.path = self.directory.file(name)
        self.records = try FileSystem.read(self.path).split(separator: UInt8(ascii: "\n")).map {
            $0 + [UInt8(ascii: "\n")]
        }
    }

    /// Takes lines without asking their checksums.
    private static func trusting(_ bytes: [UInt8]) -> [[UInt8]] {
        bytes.split(separator: UInt8(ascii: "\n")).map { Array($0.dropFirst(9)) }
    }

    private static func real(_ bytes: [UInt8]) -> [[UInt8]] { SpoolLine.scan(bytes).lines.map(\.json) }

    private func walk(_ read: ([UInt8]) -> [[UInt8]]) -> Findings {
        var findings = Findings()
        let texts = self.records.map { Array($0.dropFirst(9).dropLast()) }
        for number in self.records.indices {
            CrashStates(records: self.records, rest: []).forEach(writing: number) { state in
                let found = read(state.bytes)
                findings.note(found == Array(texts[..<number]) || found == Array(texts[...number]), state.damage)
            }
        }
        return findings
    }

    @Test("The records are those before the last, or all of them; a reader that trusts every line is caught")
    func everyState() {
        let findings = self.walk(Self.real)
        #expect(findings.states > 2_000)
        #expect(findings.wrong.isEmpty, "\(findings.wrong.prefix(5))")
        #expect(!self.walk(Self.trusting).wrong.isEmpty)
    }

    @Test("Whoever comes after a crash goes on with the next number")
    func writingOn() throws {
        var count = 0
        try CrashStates(records: self.records, rest: []).forEach(writing: self.records.count - 1) { state in
            count += 1
            guard count.isMultiple(of: 13) else { return }  // each opens and syncs a file
            try FileSystem.writeAtomically(state.bytes, to: self.path)
            let spool = try Spool(directory: self.directory.path, limit: 1 << 20)
            let last = spool.last
            #expect(last == 3 || last == 4, "\(state.damage)")
            #expect(spool.append(Array(#""stream":"tool"}"#.utf8)) == last + 1, "\(state.damage)")
            #expect(spool.sync())
            #expect(spool.lines(after: 0, count: 10).map(\.number) == Array(1...(last + 1)), "\(state.damage)")
        }
        #expect(count > 500)
    }
}
