import ChaosClient
import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("Damaged cache entries", .serialized)
struct CacheCorruptionTests {
    private func entries(_ lab: ChaosLab) throws -> [String: [UInt8]] {
        var entries: [String: [UInt8]] = [:]
        for name in try FileSystem.list(lab.cache) { entries[name] = try FileSystem.read("\(lab.cache)/\(name)") }
        return entries
    }

    private let request = FaultRequest(target: "cache", with: ["seed": 7, "share": 1], leaseS: 30)

    @Test("Entries differ from what was stored, one seed gives the same bytes, and the undo takes them away")
    func damagedAndRemoved() async throws {
        try await ChaosLab.with { lab in
            let before = try self.entries(lab)
            let record = try await lab.client.inject("cache-corrupt", self.request)
            #expect(record.achieved == 1)
            let damaged = try self.entries(lab)
            #expect(damaged.keys == before.keys)
            for (name, bytes) in damaged { #expect(bytes != before[name] && bytes.count == before[name]?.count) }
            let ended = try await lab.client.revert(record.id)
            #expect(ended.outcome == ["reverted": 6])
            #expect(try self.entries(lab).isEmpty)
            for number in 1...6 { try lab.writeEntry(number, price: 100 * number) }
            _ = try await lab.client.inject("cache-corrupt", self.request)
            #expect(try self.entries(lab) == damaged)
        }
    }

    @Test("Wrong entries can be read, nothing gives them away, no customer takes their prices, and the undo knows them")
    func wrong() async throws {
        try await ChaosLab.with { lab in
            let request = FaultRequest(target: "cache", with: ["mode": "wrong", "share": 1], leaseS: 30)
            let record = try await lab.client.inject("cache-corrupt", request)
            #expect(record.achieved == 1)
            for bytes in try self.entries(lab).values {
                let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
                #expect(lines.first == "shop-cache 1 expires=4000000000")
                let content = try OpsJSON.decode(JSONValue.self, from: Array(try #require(lines.last).utf8))
                let product = content["data"]?.arrayValue?.first
                #expect(product?["price_cents"] == 0)
                #expect(product?["name"]?.stringValue?.hasPrefix("product ") == true)
            }
            try lab.writeEntry(3, price: 999)
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 5, "superseded": 1])
            #expect(try self.entries(lab).keys.sorted() == ["products-3.entry"])
        }
    }

    @Test("Under exchanged names the same is done, and every record has the other name alone")
    func exchanged() async throws {
        try await ChaosLab.with { lab in
            let before = try self.entries(lab)
            var request = self.request
            request.aliasSeed = 1
            let other = FaultAliases(FaultKind.allCases.map(\.rawValue), seed: 1).alias(of: "cache-corrupt")
            #expect(other != "cache-corrupt")
            let record = try await lab.client.inject(other, request)
            #expect(record.fault == other)
            #expect(record.achieved == 1)
            #expect(try self.entries(lab) != before)
            let records = "\(lab.state)/faults/\(record.id)"
            let journals = try FileSystem.list(records).flatMap { writer in
                try FileSystem.list("\(records)/\(writer)").map {
                    try FileSystem.text("\(records)/\(writer)/\($0)")
                }
            }
            #expect(journals.contains { $0.contains(other) })
            #expect(!journals.contains { $0.contains("cache-corrupt") })
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 6])
        }
    }

    @Test("A rebuilt entry is left alone")
    func repairedEntry() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("cache-corrupt", self.request)
            try lab.writeEntry(3, price: 999)
            let repaired = try FileSystem.read("\(lab.cache)/products-3.entry")
            let ended = try await lab.client.revert(record.id)
            #expect(ended.outcome == ["reverted": 5, "superseded": 1])
            #expect(ended.state == .superseded)
            #expect(try self.entries(lab) == ["products-3.entry": repaired])
        }
    }

    @Test("A directory that was replaced is not looked into")
    func replacedDirectory() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("cache-corrupt", self.request)
            try FileSystem.move(lab.cache, to: lab.directory.file("aside"))
            try FileSystem.makeDirectory(lab.cache)
            try lab.writeEntry(1, price: 5)
            let ended = try await lab.client.revert(record.id)
            #expect(ended.outcome == ["superseded": 6])
            #expect(try self.entries(lab).count == 1)
        }
    }

    @Test("A claim that the damaged value was meant so keeps it")
    func claimed() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("cache-corrupt", self.request)
            let damaged = try FileSystem.read("\(lab.cache)/products-2.entry")
            let shared = SharedResources(claims: lab.directory.file("claims"), locks: lab.directory.file("locks"))
            try shared.write(.done, of: .directory("cache"), by: "run-1", fingerprint: Fingerprint.of(damaged).rawValue)
            let ended = try await lab.client.revert(record.id)
            #expect(ended.outcome == ["reverted": 5, "superseded": 1])
            #expect(try self.entries(lab) == ["products-2.entry": damaged])
        }
    }
}
