import OpsModel
import OpsRuntime
import OpsSystem
import Testing

@Suite struct SharedResourcesTests {
    private let directory = "/tmp/\(Identifier.random(prefix: "opslab-shared"))"
    private var shared: SharedResources { SharedResources(claims: "\(directory)/claims", locks: "\(directory)/locks") }

    private func with(_ body: (SharedResources) async throws -> Void) async throws {
        try FileSystem.makeDirectory("\(directory)/claims")
        try FileSystem.makeDirectory("\(directory)/locks")
        defer { try? FileSystem.removeTree(directory) }  // what is left lies in /tmp
        try await body(shared)
    }

    @Test(arguments: ["", ".", "../escape", "a/b", ".hidden", "with space", "zeile\n"])
    func refusesNamesThatAreNoFileNames(_ name: String) { #expect(SharedResource(name: name) == nil) }

    @Test func makesPlainNamesOfWhateverItIsGiven() {
        #expect(SharedResource.process("../../etc").name == "process...-..-etc")
        #expect(SharedResource.role("shop", of: "db").name == "role.db.shop")
        #expect(SharedResource(name: SharedResource.configuration("shop.env").name) == .configuration("shop.env"))
    }

    @Test func aClaimGrowsByGenerationNotByState() async throws {
        try await with { shared in
            let role = SharedResource.role("shop", of: "db")
            #expect(shared.claim(role) == nil)
            try shared.write(.intended, of: role, by: "run-1", fingerprint: "v2")
            let done = try shared.write(.done, of: role, by: "run-1", fingerprint: "v2")
            #expect(done.generation == 1)
            #expect(shared.claim(role) == done)
            #expect(done.owns(live: "v2") && !done.owns(live: "v1"))
            let next = try shared.write(.abandoned, of: role, by: "run-2", fingerprint: nil)
            #expect(next.generation == 2 && !next.owns(live: "v2"))
        }
    }

    @Test func oneHolderAtATimeAndAllOrNothing() async throws {
        try await with { shared in
            let held = try await shared.lock([.process("b")], within: .seconds(1))
            await #expect(throws: SystemError.self) {
                try await shared.lock([.process("a"), .process("b")], within: .milliseconds(30))
            }
            let first = try await shared.lock([.process("a")], within: .milliseconds(30))
            for lock in held { lock.release() }
            let second = try await shared.lock([.process("b")], within: .milliseconds(30))
            #expect(first.count == 1 && second.count == 1)
        }
    }
}
