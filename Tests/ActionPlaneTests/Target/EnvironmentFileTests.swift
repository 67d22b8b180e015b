import OpsSystem
import OpsTestKit
import Testing

@testable import ActionPlane

@Suite struct EnvironmentFileTests {
    private let file = EnvironmentFile(text: "# DB_PASSWORD=comment\nDB_PASSWORD=a=b\n\nDB_POOL=10\nDB_POOL=12\n")

    @Test func changesOneValueAndNothingElse() {
        let changed = file.setting("DB_PASSWORD", to: "new")
        #expect(changed.text == "# DB_PASSWORD=comment\nDB_PASSWORD=new\n\nDB_POOL=10\nDB_POOL=12\n")
        #expect(changed.setting("DB_PASSWORD", to: "a=b") == file)
        #expect(changed.hash != file.hash)
    }

    @Test func changesEveryLineThatSetsTheKey() {
        #expect(file.setting("DB_POOL", to: "9")["DB_POOL"] == "9")
        #expect(EnvironmentFile(text: " A = '1'\r\nB=2\r\n").setting("A", to: "3").text == "A=3\nB=2\r\n")
    }

    @Test func addsANewKeyAtTheEnd() {
        #expect(EnvironmentFile(text: "A=1\n").setting("B", to: "2").text == "A=1\nB=2\n")
        #expect(EnvironmentFile(text: "").setting("B", to: "2").text == "B=2\n")
    }

    @Test func replacesOnlyWhatWasExpectedAndKeepsTheOldVersions() async throws {
        try await TemporaryDirectory.with { directory in
            try FileSystem.makeDirectory("\(directory)/history")
            try FileSystem.writeAtomically("A=1\n", to: "\(directory)/shop.env", mode: 0o640)
            let store = ConfigurationStore(
                file: .init(
                    name: "shop.env",
                    path: "\(directory)/shop.env",
                    history: "\(directory)/history",
                    passwords: [:]
                )
            )
            let old = try store.read()
            let new = old.setting("A", to: "2")
            let error = #expect(throws: ActionError.self) {
                try store.replace(expecting: new.hash, with: new, author: "me")
            }
            #expect(error?.code == .factsDrifted)
            #expect(try store.read() == old)
            #expect(try FileSystem.list(directory) == ["history", "shop.env"], "nothing is left beside it")
            try store.replace(expecting: old.hash, with: new, author: "me")
            #expect(try store.read() == new)
            #expect(try store.version() == 1)
            #expect(try store.version(withHash: old.hash) == old)
            #expect(try store.version(withHash: new.hash) == nil)
            #expect(try FileAccess(of: "\(directory)/shop.env").mode == 0o640)
        }
    }

    @Test(arguments: [(2, ["000003", "000004"]), (nil, ["000001", "000002", "000003", "000004"])])
    func keepsAsManyVersionsAsTheTopologySays(_ kept: Int?, _ left: [String]) async throws {
        try await TemporaryDirectory.with { directory in
            try FileSystem.makeDirectory("\(directory)/history")
            try FileSystem.writeAtomically("A=0\n", to: "\(directory)/shop.env", mode: 0o640)
            var file = Target.ConfigurationFile(
                name: "shop.env",
                path: "\(directory)/shop.env",
                history: "\(directory)/history",
                passwords: [:]
            )
            file.kept = kept
            let store = ConfigurationStore(file: file)
            for value in 1...4 {
                let present = try store.read()
                let new = present.setting("A", to: "\(value)")
                try store.replace(expecting: present.hash, with: new, author: "me")
            }
            let names = try FileSystem.list(file.history).sorted()
            #expect(names == left.flatMap { ["\($0).env", "\($0).json"] })
            #expect(try store.versionBefore(store.read()) == 4)
        }
    }
}
