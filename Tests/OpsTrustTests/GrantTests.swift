import OpsModel
import OpsTrust
import Testing

@Suite struct GrantTests {
    static let now = Timestamp(microseconds: 1_800_000_000_000_000)
    static let expectation = KeyRing.Expectation(instanceID: "lab-1")
    let gate = SigningKey.generate()
    let ann = SigningKey.generate()

    var ring: KeyRing {
        KeyRing([
            .init(name: "gate", role: .gate, publicKey: gate.publicKey),
            .init(name: "ann", role: .approver, publicKey: ann.publicKey),
        ])
    }

    static func payload(kind: GrantPayload.Kind = .human, decidedBy: [String] = ["ann"]) -> GrantPayload {
        let start = Int(now.microseconds / 1_000)
        return GrantPayload(
            grantID: Hex.encode(randomBytes(16)),
            kind: kind,
            organisation: "lab",
            instanceID: "lab-1",
            incident: "inc-1",
            run: "run-1",
            step: "1",
            agent: "agent",
            requester: "agent",
            action: "terminate-sessions",
            actionVersion: 1,
            parameters: ["pid": 4_117, "which": "blocker"],
            target: "db",
            stateFingerprint: "f",
            evidenceDigest: "e",
            optionDigest: "o",
            policyID: "default",
            policyVersion: 1,
            epoch: 3,
            decidedBy: decidedBy,
            issuedAt: start,
            notBefore: start,
            expiresAt: start + 60_000
        )
    }

    func code(
        _ text: String,
        at moment: Timestamp = now,
        for expectation: KeyRing.Expectation = expectation,
        ring: KeyRing? = nil
    ) -> TrustError.Code? {
        do {
            _ = try (ring ?? self.ring).verify(text, for: expectation, at: moment)
            return nil
        } catch { return error.code }
    }

    @Test(arguments: [Int.min, -1, 32_503_680_000_001, Int.max])
    func timesBeyondAllReasonAreMalformed(_ moment: Int) {
        for member in [\GrantPayload.issuedAt, \.notBefore, \.expiresAt] {
            var odd = Self.payload()
            odd[keyPath: member] = moment
            let refusal = #expect(throws: TrustError.self) { try Grant(odd, signedBy: ann) }
            #expect(refusal?.code == .malformed)
        }
    }

    @Test func aHumanGrantSurvivesTheWire() throws {
        let grant = try Grant(Self.payload(), signedBy: ann)
        let verified = try ring.verify(grant.text, for: Self.expectation, at: Self.now)
        #expect(verified.signer.name == "ann")
        #expect(verified.grant.payload.parameters["pid"] == 4_117)
        #expect(verified.grant == grant)
    }

    @Test func everyAlteredByteIsFound() throws {
        let text = Array(try Grant(Self.payload(), signedBy: ann).text.utf8)
        for index in text.indices {
            var altered = text
            altered[index] = altered[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(code(String(decoding: altered, as: UTF8.self)) != nil, "byte \(index)")
        }
    }

    @Test func aKeySignsOnlyItsOwnKind() throws {
        #expect(code(try Grant(Self.payload(kind: .policy), signedBy: ann).text) == .unknownKey)
        #expect(code(try Grant(Self.payload(kind: .human), signedBy: gate).text) == .unknownKey)
        #expect(code(try Grant(Self.payload(kind: .policy, decidedBy: []), signedBy: gate).text) == nil)
        #expect(code(try Grant(Self.payload(kind: .humanAttested), signedBy: gate).text) == nil)
        #expect(code(try Grant(Self.payload(decidedBy: ["bob"]), signedBy: ann).text) == .kindMismatch)
    }

    @Test func audienceInstanceAndTimeMustHold() throws {
        let text = try Grant(Self.payload(), signedBy: ann).text
        #expect(code(text, for: .init(instanceID: "lab-2")) == .instanceMismatch)
        #expect(code(text, for: .init(audience: "chaos", instanceID: "lab-1")) == .audienceMismatch)
        #expect(code(text, at: Self.now + 59.9) == nil)
        #expect(code(text, at: Self.now + 60) == .expired)
        #expect(code(text, at: Self.now + -5) == nil)
        #expect(code(text, at: Self.now + -6) == .notYetValid)
    }

    @Test func rotationKeepsGrantsInFlightAndEndsTheOldKey() throws {
        let text = try Grant(Self.payload(), signedBy: ann).text
        let replacement = SigningKey.generate()
        var rotating = ring
        rotating.keys[1].notAfter = Self.now + 30
        rotating.keys.append(.init(name: "ann", role: .approver, publicKey: replacement.publicKey, notBefore: Self.now))
        #expect(code(text, at: Self.now + 10, ring: rotating) == nil)
        #expect(code(text, at: Self.now + 31, ring: rotating) == .unknownKey)
        #expect(code(try Grant(Self.payload(), signedBy: replacement).text, at: Self.now + 31, ring: rotating) == nil)
        let file = TrustFile(ring: rotating, actions: ["clear-cache": .policy])
        let read = try OpsJSON.decode(TrustFile.self, from: OpsJSON.encode(file))
        #expect(read == file)
        #expect(read.authority(for: "clear-cache") == .policy && read.authority(for: "restart-db") == .human)
    }

    @Test func onlyOnePayloadCanBeReadOutOfTheBytes() throws {
        let bytes = try Grant(Self.payload(), signedBy: ann).payloadBytes
        let text = String(decoding: bytes, as: UTF8.self)
        let spoiled: [String] = [
            "\(text.dropLast()),\"action\":\"restart-db\"}", "\(text.dropLast()),\"extra\":1}", text + " {}",
            text.replacing("4117", with: "4117.5"), text.replacing("4117", with: "04117"),
            text.replacing("4117", with: "1e3"), text.replacing("\"epoch\":3,", with: ""),
            text.replacing("\"epoch\":3", with: "\"epoch\":\"3\""),
            text.replacing("4117", with: String(repeating: "[", count: 16) + String(repeating: "]", count: 16)),
            text.replacing("\"v\":1", with: "\"v\":2"),
        ]
        for bad in spoiled {
            #expect(throws: TrustError.self, "\(bad)") { try Grant(signing: Array(bad.utf8), with: ann) }
        }
        #expect(try Grant(signing: bytes, with: ann).payload == GrantPayload.parse(bytes))
        #expect(throws: TrustError.self) { try Grant(signing: bytes, with: gate) }
    }
}

@Suite struct StrictJSONTests {
    @Test func plainDocumentsAreRead() throws {
        let value = try StrictJSON.parse(Array(#" {"a":[1,-2,true,null,"x\n\u00e9\ud83d\ude00"],"b":{}} "#.utf8))
        #expect(value == ["a": [1, -2, true, nil, "x\né😀"], "b": [:]])
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":1}", "1.0", "-0", "01", "+1", "1e1", "9223372036854775808",
        "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"a\nb\"", "\"\\x\"", "nulll", "[1 2]", "{a:1}", "'a'", "\u{FEFF}1",
    ])
    func everythingElseIsRefused(_ text: String) {
        #expect(throws: TrustError.self) { try StrictJSON.parse(Array(text.utf8)) }
    }

    @Test func invalidUTF8AndDeepNestingAreRefused() {
        #expect(throws: TrustError.self) { try StrictJSON.parse([0x22, 0xFF, 0x22]) }
        let deep = String(repeating: "[", count: 16) + String(repeating: "]", count: 16)
        #expect(throws: Never.self) { try StrictJSON.parse(Array(deep.utf8)) }
        #expect(throws: TrustError.self) { try StrictJSON.parse(Array("[\(deep)]".utf8)) }
    }
}
