import OpsModel
import Testing

@testable import ChaosServer

@Suite("What nftables is told and says")
struct LinkRulesTests {
    @Test("A way is closed in one step, which also gives one that is closed already its time again")
    func close() {
        let script = LinkRules().close([("10.0.0.2", 80)], token: "f1", milliseconds: 3_000)
        #expect(
            script == """
                add element inet lab held { 10.0.0.2 . 80 timeout 3000ms comment "f1" }
                delete element inet lab held { 10.0.0.2 . 80 }
                add element inet lab held { 10.0.0.2 . 80 timeout 3000ms comment "f1" }

                """
        )
        #expect(LinkRules().close([], losing: 30, token: "f1", milliseconds: 3_000).isEmpty)
    }

    @Test("A share of the packets has a set and a rule of its own, made with the first way that loses so many")
    func share() {
        let script = LinkRules().close([("10.0.0.2", 80)], losing: 30, token: "f1", milliseconds: 3_000)
        #expect(
            script.contains(
                "add rule inet lab out-lost30 ip daddr . tcp dport @lost30 numgen random mod 100 < 30 drop\n"
            )
        )
        #expect(script.contains("add element inet lab lost30 { 10.0.0.2 . 80 timeout 3000ms comment \"f1\" }\n"))
        #expect(!LinkRules().setUp.contains("numgen"))
        let closed = ClosedWay(address: "10.0.0.2", port: 80, token: "f1", impairment: .loss(percent: 30))
        #expect(LinkRules().open([closed]) == "delete element inet lab lost30 { 10.0.0.2 . 80 }\n")
    }

    @Test("Beside others, a way is one from the own address, in a table of the own")
    func source() {
        let rules = LinkRules(table: "opslab-x-api-1", source: "127.0.0.11")
        #expect(rules.setUp.contains("type ipv4_addr . ipv4_addr . inet_service"))
        #expect(rules.setUp.contains("ip saddr . ip daddr . tcp dport @held drop"))
        let closed = ClosedWay(address: "127.0.0.1", port: 80, token: "f1")
        let key = "delete element inet opslab-x-api-1 held { 127.0.0.11 . 127.0.0.1 . 80 }\n"
        #expect(rules.open([closed]) == key)
        #expect(rules.close([("127.0.0.1", 80)], token: "f1", milliseconds: 3_000).contains(key))
        let element: JSONValue = ["val": ["concat": ["127.0.0.11", "127.0.0.1", 80]], "comment": "f1"]
        #expect(
            LinkRules.closed(in: [
                "nftables": [["table": [:]], ["set": ["name": "held", "elem": [["elem": element]]]]]
            ]) == [closed]
        )
    }

    @Test("A list says what is closed and for whom; an answer without a set says nothing")
    func list() throws {
        let answer: JSONValue = [
            "nftables": [
                ["table": ["name": "lab"]], ["metainfo": ["json_schema_version": 1]],
                [
                    "set": [
                        "name": "held",
                        "elem": [
                            [
                                "elem": [
                                    "val": ["concat": ["10.0.0.2", 80]], "timeout": 3, "expires": 2, "comment": "f1",
                                ]
                            ]
                        ],
                    ]
                ],
            ]
        ]
        #expect(LinkRules.closed(in: answer) == [.init(address: "10.0.0.2", port: 80, token: "f1")])
        #expect(LinkRules.closed(in: ["nftables": [["table": [:]], ["set": ["name": "held"]]]]) == [])
        let some: JSONValue = [
            "name": "lost30", "elem": [["elem": ["val": ["concat": ["10.0.0.3", 81]], "comment": "f2"]]],
        ]
        let closed = LinkRules.closed(in: ["nftables": [["table": [:]], ["set": some]]])
        #expect(closed == [.init(address: "10.0.0.3", port: 81, token: "f2", impairment: .loss(percent: 30))])
        #expect(LinkRules.closed(in: ["nftables": []]) == nil)
        #expect(LinkRules.closed(in: .null) == nil)
    }

    @Test(
        "What could be more than a name and a port is none",
        arguments: [
            "", "payments", "payments:", ":80", "payments:0", "payments:65536", "pay ments:80", "a:1:2", "a}\nflush:80",
            "ä:80", "payments:8o",
        ]
    )
    func badWays(_ text: String) {
        #expect(Way(text) == nil)
        #expect(LinkClosing(token: "f1", ways: [text], seconds: 3).problem != nil)
    }

    @Test("A way is where a URL leads")
    func url() {
        #expect(Way(url: "http://payments-a:8091/health?x=1")?.description == "payments-a:8091")
        #expect(Way(url: "http://payments-a/health") == nil)
        #expect(Way(url: "payments-a:80") == nil)
    }

    @Test("Limits: a token of plain letters, sixteen ways, ten seconds")
    func limits() {
        func problem(_ token: String = "f1", ways: Int = 1, seconds: Double = 3) -> String? {
            LinkClosing(token: token, ways: Array(repeating: "a:1", count: ways), seconds: seconds).problem
        }
        #expect(problem() == nil)
        for token in ["", "a b", "a\"b", "a\n", String(repeating: "a", count: 65)] { #expect(problem(token) != nil) }
        #expect(problem(ways: 0) != nil && problem(ways: 17) != nil && problem(ways: 16) == nil)
        for seconds in [-1, 0, 0.4, 10.5, .infinity, .nan] { #expect(problem(seconds: seconds) != nil) }
    }
}
