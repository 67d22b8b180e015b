import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

/// The three logs of one fault, written by the real journal.
@Suite("What a crash leaves of a fault's logs")
struct FaultLogTests {
    private typealias Writer = FaultStore.Writer
    private static let id = "crashedfault"

    /// The lines of a fault's whole life, in the order in which they are synced.
    private static let life: [(Writer, FaultStep)] = [
        (.server, .intended), (.server, .armed(fence: 1)), (.holder, .applied), (.holder, .verified),
        (.server, .watched(.felt)), (.undo, .closing(fence: 2, cause: .request)), (.undo, .attempted(.pending)),
        (.undo, .closed(.reverted)),
    ]

    private let directory: TemporaryDirectory
    private let store: FaultStore

    init() throws {
        self.directory = try TemporaryDirectory()
        self.store = FaultStore(state: self.directory.path)
        try self.store.prepare()
        var logs: [Writer: Journal] = [.server: try self.store.create(Self.id)]
        for writer in [Writer.holder, .undo] { logs[writer] = try self.store.log(Self.id, writer) }
        for (writer, step) in Self.life {
            var line = JournalLine(step)
            if step == .intended { line.plan = Self.plan }
            try logs[writer]?.append(line)
        }
    }

    private static let plan = FaultPlan(
        id: id,
        kind: .cacheCorruption,
        persistence: .event,
        target: "cache",
        with: [:],
        resource: .directory("cache"),
        shared: SharedPaths(claims: "/c", locks: "/l"),
        effects: [],
        leaseS: 60,
        deadline: 1,
        requestedAt: Timestamp(microseconds: 1_000_000),
        yieldsTo: []
    )

    private func path(_ writer: Writer) -> String {
        "\(self.store.directory)/\(Self.id)/\(writer.rawValue)/journal.log"
    }

    private func machine(after count: Int) -> FaultStateMachine {
        FaultStateMachine(reading: Self.life[..<count].map(\.1))
    }

    /// Reads every crash state of every line with a decoder: the fault is as before the line, or as after it.
    private func walk(_ decode: Decoders.Decoder) throws -> Findings {
        var findings = Findings()
        var known: [[UInt8]: FaultStep] = [:]
        var logs: [Writer: [[UInt8]]] = [:]
        for writer in Writer.allCases {
            logs[writer] = frames(in: try FileSystem.read(self.path(writer)))
            for record in try Journal.read(FileSystem.parent(of: self.path(writer))).records {
                known[record] = try OpsJSON.decode(JournalLine.self, from: record).step
            }
        }
        for (moment, (writer, _)) in Self.life.enumerated() {
            let number = Self.life[..<moment].count { $0.0 == writer }
            let others = Self.life[..<moment].filter { $0.0 != writer }.map(\.1)
            let allowed = [self.machine(after: moment), self.machine(after: moment + 1)]
            CrashStates(records: logs[writer] ?? []).forEach(writing: number) { state in
                let records = decode(state.bytes).records
                let steps = records.compactMap { known[$0] }
                let isRight =
                    steps.count == records.count && allowed.contains(FaultStateMachine(reading: others + steps))
                findings.note(isRight, "\(writer) \(state.damage)")
            }
        }
        return findings
    }

    @Test("The fault is as before the line or as after it, whatever became of the line")
    func everyState() throws {
        let findings = try self.walk(Decoders.real)
        #expect(findings.states > 10_000)
        #expect(findings.wrong.isEmpty, "\(findings.wrong.prefix(5))")
    }

    @Test("A reader that trusts every line, and one that gives up for one of them, are caught")
    func mutants() throws {
        #expect(try !self.walk(Decoders.trusting).wrong.isEmpty)
        #expect(try !self.walk(Decoders.strict).wrong.isEmpty)
    }

    /// The logs have writers of their own, so each may be any number of lines behind the others.
    @Test("Any number of lines of each log: nobody may apply what is closing, and what was never intended is nobody's")
    func everyOrder() throws {
        func lines(_ writer: Writer) -> [FaultStep] { Self.life.filter { $0.0 == writer }.map(\.1) }
        for server in 0...lines(.server).count {
            for holder in 0...lines(.holder).count {
                for undo in 0...lines(.undo).count {
                    let steps = lines(.server)[..<server] + lines(.holder)[..<holder] + lines(.undo)[..<undo]
                    let machine = FaultStateMachine(reading: steps)
                    #expect(machine.isOpen == (server > 0 && undo < 3), "\(server) \(holder) \(undo)")
                    #expect(machine.mayApply(fence: 1) == (server > 1 && undo == 0), "\(server) \(holder) \(undo)")
                }
            }
        }
    }

    @Test("A log whose directory entry was lost counts as empty, and the others are read")
    func lostEntries() throws {
        let whole = try #require(try self.store.file(Self.id)?.machine)
        #expect(whole == self.machine(after: Self.life.count))
        for lost in Writer.allCases {
            for entry in ["\(self.store.directory)/\(Self.id)/\(lost.rawValue)", self.path(lost)] {
                let aside = self.directory.file("aside")
                try FileSystem.move(entry, to: aside)
                let left = FaultStateMachine(reading: Self.life.filter { $0.0 != lost }.map(\.1))
                #expect(try self.store.file(Self.id)?.machine == left, "\(entry)")
                try FileSystem.move(aside, to: entry)
            }
        }
        try FileSystem.removeTree("\(self.store.directory)/\(Self.id)")
        #expect(try self.store.file(Self.id) == nil)
    }

    @Test("Whoever comes after a crash can write on: the fault is closed then, and no line is lost")
    func writingOn() throws {
        let bytes = try FileSystem.read(self.path(.undo))
        let records = frames(in: bytes)
        var count = 0
        try CrashStates(records: records, rest: [UInt8](repeating: 0, count: 400)).forEach(writing: records.count - 1) {
            state in
            count += 1
            guard count.isMultiple(of: 29) else { return }  // each opens and syncs a file
            try FileSystem.writeAtomically(state.bytes, to: self.path(.undo))
            do {
                let log = try self.store.log(Self.id, .undo)
                try log.append(JournalLine(.closed(.superseded)))
            }
            let file = try #require(try self.store.file(Self.id))
            #expect(file.machine.verdict == .superseded, "\(state.damage)")
            #expect(
                try Journal.read(FileSystem.parent(of: self.path(.undo))).records.count >= records.count,
                "\(state.damage)"
            )
        }
        #expect(count > 1_000)
    }
}
