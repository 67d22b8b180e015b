import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@testable import ControlPlane

@Suite struct PeopleKeysTests {
    let directory: TemporaryDirectory
    let keys: PeopleKeys

    init() throws {
        directory = try TemporaryDirectory()
        let layout = InstanceLayout(home: "\(directory.path)/lab1", sockets: directory.path, state: directory.path)
        keys = PeopleKeys(layout: layout)
        let gate = TrustedKey(name: "gate", role: .gate, publicKey: SigningKey.generate().publicKey)
        for service in ["action", "gate"] {
            try FileSystem.makeDirectory(layout.service(service))
            let file = TrustFile(ring: KeyRing([gate]), actions: ["clear-cache": .policy])
            try FileSystem.writeAtomically(
                try OpsJSON.encode(file),
                to: "\(layout.service(service))/trust.json",
                mode: 0o640
            )
        }
    }

    func trust(_ service: String) throws -> TrustFile {
        try OpsJSON.decode(TrustFile.self, from: FileSystem.read("\(keys.layout.service(service))/trust.json"))
    }

    @Test func aNewKeyIsAcceptedByBothVerifiers() throws {
        let entry = try keys.make("ann")
        #expect(try SigningKey.read(from: keys.path(of: "ann")).id == entry.keyID)
        for service in ["action", "gate"] {
            let file = try trust(service)
            #expect(file.ring.entry(entry.keyID, role: .approver)?.name == "ann")
            #expect(file.ring.keys.contains { $0.role == .gate } && file.authority(for: "clear-cache") == .policy)
        }
    }

    @Test func aReplacedKeyLivesForAMinute() throws {
        let first = try keys.make("ann")
        let second = try keys.make("ann")
        let ring = try trust("action").ring
        #expect(ring.entry(first.keyID, role: .approver)?.isValid(at: .now() + 50) == true)
        #expect(ring.entry(first.keyID, role: .approver)?.isValid(at: .now() + 61) == false)
        #expect(ring.entry(second.keyID, role: .approver)?.isValid(at: .now() + 3_600) == true)
        #expect(try keys.list().map { $0.file != nil } == [false, true])
    }

    @Test func aRevokedPersonIsOutAtOnceAndStaysOut() throws {
        let entry = try keys.make("you")
        let revoked = try keys.revoke("you")
        #expect(revoked.map(\.keyID) == [entry.keyID])
        #expect(revoked.map(\.notAfter) == (try keys.list().map(\.notAfter)) && revoked.allSatisfy { $0.file == nil })
        #expect(try trust("gate").ring.entry(entry.keyID, role: .approver)?.isValid(at: .now()) == false)
        #expect(throws: (any Error).self) { try keys.revoke("you") }
        let people = LabPeople.names(environment: ["USER": "you"], directory: keys.layout.people)
        #expect(people == ["second"])
        _ = try keys.make("zoe")
        #expect(LabPeople.names(environment: ["USER": "you"], directory: keys.layout.people) == ["second", "zoe"])
    }

    @Test func aFurtherKeyIsTheSamePersons() throws {
        _ = try keys.make("ann")
        let phone = try keys.make("ann-phone", of: "ann")
        #expect(phone.mintedBy == "ann" && phone.root == "ann")
        #expect(try trust("action").ring.root(of: "ann-phone") == "ann")
        #expect(try keys.make("ann-phone").root == "ann", "a new key of the name stays theirs")
        let makers = LabPeople.makers(environment: ["USER": "you"], directory: keys.layout.people)
        #expect(makers == ["ann-phone": "ann", "second": "you"])
        _ = try keys.make("bob")
        for (name, maker) in [("bob", "ann"), ("ann", "ann-phone"), ("ann", "ann"), ("cid", "nobody")] {
            #expect(throws: (any Error).self, "\(name) \(maker)") { try keys.make(name, of: maker) }
        }
        #expect(try trust("gate").ring.root(of: "bob") == "bob")
    }

    @Test func aKeyIsTheSameInEveryLab() throws {
        var both = keys
        let other = InstanceLayout(home: "\(directory.path)/lab2", sockets: directory.path, state: directory.path)
        try FileSystem.makeDirectory(other.service("action"))
        let path = "\(other.service("action"))/trust.json"
        try FileSystem.writeAtomically(try OpsJSON.encode(TrustFile(ring: KeyRing([]))), to: path)
        both.others = [other]
        let entry = try both.make("ann")
        _ = try both.revoke("ann")
        let file = try OpsJSON.decode(TrustFile.self, from: FileSystem.read(path))
        #expect(file.ring.entry(entry.keyID, role: .approver)?.isValid(at: .now()) == false)
    }

    @Test func aLabThatDoesNotExistCostsNobodyTheirKey() throws {
        let entry = try keys.make("ann")
        let layout = InstanceLayout(home: "\(directory.path)/none", sockets: directory.path, state: directory.path)
        #expect(throws: (any Error).self) { try PeopleKeys(layout: layout).make("ann") }
        #expect(try SigningKey.read(from: keys.path(of: "ann")).id == entry.keyID)
    }

    @Test(arguments: ["", "Ann", "a/b", "..", "ann smith", "\u{1B}[31m", String(repeating: "a", count: 33)])
    func otherNamesAreRefused(_ name: String) {
        #expect(throws: (any Error).self) { try PersonName.parse(name) }
    }
}
